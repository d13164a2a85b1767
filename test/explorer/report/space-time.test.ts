import { describe, expect, test } from 'vitest';
import { dotToSvg } from '../../../explorer/report/graphviz.ts';
import { spaceTimeDot, spaceTimeSvg } from '../../../explorer/report/space-time.ts';
import courier from './courier.ts';
import jugs from './jugs.ts';
import { script } from './script.ts';
import { countOf, elementsOf } from './xml.ts';

function drawn(parameters: Record<string, number | string>, property: string | null, ...lines: string[]) {
  const instance = courier.build(parameters, null);
  const run = { ...script(instance, ...lines), property };
  return { svg: spaceTimeSvg(instance, run), dot: spaceTimeDot(instance, run) };
}

const DELIVERY = [
  'c1 asks n1: deliver tea',
  'n3 receives Parcel tea from n1',
  'n1 receives Receipt tea (fresh) from n3',
] as const;

describe('the space-time diagram', () => {
  test('has a line for each process, a row for each step, an arrow for each message', () => {
    const { svg } = drawn({ processes: 3 }, 'kept', ...DELIVERY);
    expect(elementsOf(svg)[0]).toBe('svg');
    for (const id of ['n1', 'n2', 'n3']) expect(svg).toContain(`>${id}</text>`);
    for (const number of [1, 2, 3]) expect(svg).toContain(`<g id="step-${number}">`);
    expect(svg).toContain('<title>Parcel tea from n1 to n3</title>');
    expect(svg).toContain('<title>Receipt tea (fresh) from n3 to n1</title>');
    expect(svg).toContain('Parcel tea to n2: not received in this run');
    expect(svg).toContain('>got tea</text>');
    expect(svg).toContain('>kept is reached</text>');
  });

  test('an arrow goes down, from the row of the sender to that of the receiver', () => {
    const { svg } = drawn({ processes: 3 }, null, ...DELIVERY);
    const [, y1, y2] = /y1="([\d.]+)" x2="[\d.]+" y2="([\d.]+)"[^>]*><title>Parcel tea from n1 to n3</.exec(svg) ?? [];
    expect(Number(y2)).toBeGreaterThan(Number(y1) + 10);
  });

  test('marks crashes, breaks the line, and marks what is lost or comes twice', () => {
    const { svg } = drawn(
      { crashes: 1, losses: 1, duplications: 1 },
      null,
      'c1 asks n1: deliver tea',
      'Parcel tea from n1 to n2 is duplicated',
      'Parcel tea from n1 to n2 is lost',
      'n2 crashes',
      'n2 recovers',
      'n2 receives Parcel tea from n1',
    );
    elementsOf(svg);
    expect(svg).toContain('>crash</text>');
    expect(svg).toContain('>recover</text>');
    expect(svg).toContain('>duplicated: Parcel tea</text>');
    expect(svg).toContain('Parcel tea from n1 to n2: lost');
    expect(countOf(svg, 'stroke-dasharray="2 6"')).toBe(1);
  });

  test('marks sessions and what goes with them', () => {
    const { svg, dot } = drawn(
      { network: 'fifo', linkCuts: 1, timeouts: 2 },
      null,
      'c1 asks n1: deliver tea',
      'n1: timer again fires',
      'the session between n1 and n2 is cut',
      'n2 learns that its session with n1 is lost',
      'n1 learns that its session with n2 is lost',
      'n1: timer again fires',
      'a new session opens between n1 and n2',
    );
    elementsOf(svg);
    for (const text of ['session cut', 'new session', 'link to n1 down', '2 x Parcel tea', 'Parcel tea to n2 (no'])
      expect(svg).toContain(`>${text}</text>`);
    expect(dot).toContain('lost: Parcel tea to n2');
  });

  test('shows what is sent at the start', async () => {
    const { paxosRegisterSystem } = await import('../../../model/paxos-register/system.ts');
    const instance = paxosRegisterSystem.build({}, null);
    const svg = spaceTimeSvg(instance, { initial: 0, events: [] });
    elementsOf(svg);
    expect(svg).toContain('>start</text>');
  });

  test('says why, in lines that fit', () => {
    const { svg } = drawn(
      { processes: 2 },
      'unanswered',
      'c1 asks n1: deliver tea',
      'n2 receives Parcel tea from n1',
      'n1 receives Receipt tea (fresh) from n2',
    );
    expect(svg).toContain('>unanswered is violated</text>');
    expect(svg).toContain('>the client has been answered</text>');
  });

  test('marks in a message break neither SVG nor DOT', async () => {
    const { svg, dot } = drawn(
      { content: '<&">' },
      null,
      'c1 asks n1: deliver "<&\\">"',
      'n2 receives Parcel "<&\\">" from n1',
    );
    elementsOf(svg);
    expect(svg).toContain('Parcel &quot;&lt;&amp;\\&quot;&gt;&quot;');
    const rendered = await dotToSvg(dot);
    elementsOf(rendered);
    expect(rendered).toContain('&lt;&amp;\\&quot;&gt;');
  });

  test('is the same every time', () => {
    expect(drawn({ processes: 3 }, null, ...DELIVERY)).toEqual(drawn({ processes: 3 }, null, ...DELIVERY));
  });

  test('as DOT: a rank for each step, an edge for each message', async () => {
    const { dot } = drawn({ processes: 3, crashes: 1 }, 'kept', ...DELIVERY, 'n2 crashes');
    expect(dot).toContain('{ rank=same; "step 2"; "n3 2"; }');
    expect(dot).toMatch(/"n1 1" -> "n3 2" \[xlabel="Parcel tea"/);
    expect(dot).toContain('label="Parcel tea to n2"');
    expect(dot).toContain('label="crash"');
    elementsOf(await dotToSvg(dot));
  });
});

describe('a run of a bare system', () => {
  const instance = jugs.build({}, null);
  const run = {
    ...script(instance, 'fill big', 'big to small', 'empty small', 'big to small', 'fill big', 'big to small'),
    property: 'not four',
  };

  test('is drawn as a chain of states', () => {
    const svg = spaceTimeSvg(instance, run);
    elementsOf(svg);
    expect(countOf(svg, '>big to small</text>')).toBe(3);
    expect(countOf(svg, '>big: 4</text>')).toBe(1);
    expect(svg).toContain(">'not four' is violated</text>".replaceAll("'", '&#39;'));
  });

  test('also as DOT', async () => {
    const dot = spaceTimeDot(instance, run);
    expect(countOf(dot, ' -> "state ')).toBe(6);
    elementsOf(await dotToSvg(dot));
  });

  test('of no steps is its initial state', () => {
    elementsOf(spaceTimeSvg(instance, { initial: 0, events: [] }));
  });
});
