import { describe, expect, test } from 'vitest';
import { type CheckResult, check } from '../../../explorer/check.ts';
import { summary } from '../../../explorer/report/summary.ts';
import courier from './courier.ts';
import jugs from './jugs.ts';

const PLAIN = { width: 80, color: false };

async function checked(system = courier, options: Parameters<typeof check>[1] = {}): Promise<CheckResult> {
  return { ...(await check(system, options)), elapsedMs: 1234 };
}

describe('the summary of a check', () => {
  test('reads like this', async () => {
    const result = await checked(courier, { properties: ['kept', 'answered'] });
    expect(summary({ ...result, collisionProbability: 3.25e-19 }, PLAIN)).toBe(`\
courier processes=2 network=bag timeouts=0 crashes=0 losses=0 duplications=0
  linkCuts=0 content=tea

  kept        reached in 2 steps
  answered    reached in 3 steps
  quiescence  holds

  4 distinct states, 4 generated, depth 4
  1.2 s, 3 transitions a second
  1 state in which nothing can happen
  probability that a state was missed (fingerprints collide): less than 1 in
    1,000 trillion

  within these bounds:
    - processes n1, n2
    - network bag: messages arrive in any order, at most once, or never
    - client requests, each once: n1 deliver tea
    - only states with three parcels a process
    - no timeouts, crashes, recoveries, lost messages, duplicated messages or
      link cuts

HOLDS: all 4 states within these bounds were visited.
`);
  });

  test('says what is violated, in how many steps and why, and what is then not known', async () => {
    const text = summary(await checked(jugs), PLAIN);
    expect(text).toContain('  not four    VIOLATED in 6 steps: the big jug holds four litres\n');
    expect(text).toContain('  full        reached in');
    expect(text).toContain('  quiescence  not known (no violation so far)\n');
    expect(text).toMatch(/\n\nVIOLATED: 'not four'\n$/);
    expect(text).not.toContain('HOLDS');
  });

  test('what was not finished never looks like success', async () => {
    const text = summary(await checked(jugs, { depth: 3 }), PLAIN);
    expect(text).toMatch(/\n\nNOT FINISHED: stopped at depth 3\./);
    expect(text).toContain('not four    not known (no violation so far)');
    expect(text).not.toMatch(/holds\b|HOLDS/);
    const reasons = [
      [{ reason: 'interrupted' }, 'NOT FINISHED: interrupted.'],
      [{ reason: 'states', limit: 1000 }, 'NOT FINISHED: stopped after 1,000 states.'],
      [{ reason: 'memory', limit: 2 ** 31 }, 'NOT FINISHED: stopped at 2,048 MiB of memory.'],
    ] as const;
    for (const [stopped, words] of reasons) {
      const result = { ...(await checked(jugs, { depth: 3 })), stopped };
      expect(summary(result, PLAIN)).toContain(words);
    }
  });

  test('says what is never reached', async () => {
    const result = await checked(jugs, { properties: ['full'] });
    const [full] = result.properties;
    if (full === undefined) throw new Error('there is a property');
    const never = {
      ...full,
      verdict: 'violated',
      trace: null,
      explanation: 'no reachable state is like this',
    } as const;
    const text = summary({ ...result, verdict: 'violated', properties: [never] }, PLAIN);
    expect(text).toContain('full  NEVER REACHED');
    expect(text).toContain('VIOLATED: full is never reached');
  });

  test('says what the bounds cut off, and claims nothing of it', async () => {
    const result = await checked(courier, { properties: [] });
    const text = summary({ ...result, bounds: { within: [], cut: { 'messages in flight': 1233 } } }, PLAIN);
    expect(text).toContain('    - 1,233 successors beyond messages in flight\n');
    expect(text).toMatch(/\nHOLDS: .*Nothing is said of what\n {2}lies beyond the bounds\.\n$/);
  });

  test.each([
    [null, 'states were compared in full: none was missed'],
    [0, 'no state was missed'],
    [4.6e-12, 'fingerprints collide): 1 in 217 billion'],
    [0.12, 'fingerprints collide): 12%'],
  ])('a probability of %s reads: %s', async (collisionProbability, words) => {
    expect(summary({ ...(await checked()), collisionProbability }, PLAIN)).toContain(words);
  });

  test('names the mutant, fits the paper', async () => {
    const result = await checked();
    const text = summary({ ...result, mutant: 'forgetful' }, { width: 50, color: false });
    expect(text).toMatch(/with\s+mutant\s+forgetful/);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(50);
  });
});
