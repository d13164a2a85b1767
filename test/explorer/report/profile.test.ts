import { describe, expect, test } from 'vitest';
import { type CheckResult, check } from '../../../explorer/check.ts';
import type { Profile } from '../../../explorer/profile.ts';
import { barChart } from '../../../explorer/report/bar-chart.ts';
import { profilePage } from '../../../explorer/report/profile-page.ts';
import { profileText } from '../../../explorer/report/profile-text.ts';
import courier from './courier.ts';
import { elementsOf } from './xml.ts';

const PLAIN = { width: 80, color: false };

/** Without the courier's properties, some of which are there to fail. */
async function profiled(parameters: Readonly<Record<string, number>> = {}): Promise<[CheckResult, Profile]> {
  const result = await check(courier, { profile: true, parameters, properties: ['kept'] });
  if (result.profile === null) throw new Error('there is no profile');
  return [result, result.profile];
}

describe('a profile on a terminal', () => {
  test('reads like this', async () => {
    const [result, profile] = await profiled({ crashes: 1, timeouts: 1 });
    expect(profileText(result, profile, PLAIN)).toMatchInlineSnapshot(`
      "  action           enabled in  taken  deeper
        crash                    10     20      20
        recover                  20     20      20
        receive Receipt          13     18      18
        receive Parcel           17     17      17
        timer again               7      7       7
        request deliver           3      3       3

        transitions out of a state: 1.5 on average, 0 at least, 4 at most
        most states at one depth: 11, at depth 5
        what properties see: 11 different views, the commonest one in 14 states
      "
    `);
  });

  test('what was cut has a column of its own', async () => {
    const [result, profile] = await profiled();
    const [first, ...others] = profile.actions;
    if (first === undefined) throw new Error('there are no actions');
    const cut = { ...profile, actions: [{ ...first, cut: { 'three parcels': 2, 'four parcels': 3 } }, ...others] };
    const [head, row] = profileText(result, cut, PLAIN).split('\n');
    expect(head).toMatch(/deeper +beyond bounds$/);
    expect(row).toMatch(/ 5$/);
  });

  test('what was never enabled is a warning, unless there is more to explore', async () => {
    const [result, profile] = await profiled();
    const lacking = { ...profile, neverEnabled: ['receive Parcel', 'timer knock'] };
    expect(profileText(result, lacking, PLAIN)).toContain('NEVER ENABLED: receive Parcel and timer knock.');
    const stopped = { ...result, verdict: 'incomplete' } as const;
    expect(profileText(stopped, lacking, PLAIN)).toContain('not enabled so far: receive Parcel and timer knock');
  });
});

test('the page has the actions, the charts, the views and the result', async () => {
  const [result, profile] = await profiled();
  const page = profilePage(courier.build({}, null), result, profile);
  for (const { action } of profile.actions) expect(page).toContain(`<td>${action}`);
  expect(page.match(/<svg /g)).toHaveLength(2);
  expect(page).toContain('different view');
  expect(page).toContain('HOLDS: all');
  expect(page).not.toMatch(/NaN|undefined|https?:\/\/(?!www\.w3\.org)/);
});

describe('a bar chart', () => {
  test('has a bar for each count, the highest one for the greatest', () => {
    const svg = barChart({ of: 'states', along: 'depth', first: 1, counts: [1, 4, 2] });
    expect(elementsOf(svg)[0]).toBe('svg');
    const heights = [...svg.matchAll(/<rect [^>]*height="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(heights).toEqual([40, 160, 80]);
    expect(svg).toContain('depth 2: 4 states');
  });

  test('of many counts labels some, and stays as wide as it may be', () => {
    const svg = barChart({ of: 'states', along: 'depth', first: 1, counts: Array.from({ length: 500 }, () => 7) });
    expect(svg).toContain('width="640"');
    expect(svg.match(/text-anchor="middle"/g)?.length).toBeLessThanOrEqual(12);
  });

  test('of nothing is empty', () => {
    expect(barChart({ of: 'states', along: 'depth', first: 1, counts: [] })).not.toMatch(/<rect|NaN/);
  });
});
