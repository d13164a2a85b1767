import { describe, expect, test } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { dotToSvg } from '../../../explorer/report/graphviz.ts';
import { stateGraph } from '../../../explorer/report/state-graph.ts';
import { UsageError } from '../../../model/contract/errors.ts';
import { transitionSystem } from '../../../model/contract/index.ts';
import { UnknownName } from '../../../model/contract/parameter.ts';
import courier from './courier.ts';
import jugs from './jugs.ts';
import { countOf, elementsOf } from './xml.ts';

const FAULTS = { processes: 2, crashes: 1, duplications: 1, timeouts: 1 };

describe('the state graph', () => {
  test('has a node for each state and marks what there is to mark', async () => {
    const dot = stateGraph(jugs.build({}, null), { most: 300 });
    const { distinct } = await check(jugs, { properties: ['full'] });
    expect(countOf(dot, /^ {2}"s\d+" \[/m)).toBe(distinct);
    expect(countOf(dot, 'penwidth=3')).toBe(1);
    expect(countOf(dot, 'VIOLATES not four')).toBe(2);
    expect(dot).toContain('16 states, 96 steps (38 of them from a state to itself: not drawn)');
    elementsOf(await dotToSvg(dot));
  });

  test('of processes: what differs from the start, what is in flight, and who does what', async () => {
    const dot = stateGraph(courier.build({}, null), { most: 300 });
    expect(dot).toContain('n1 sent\\ln1 > n2: Parcel tea\\l');
    expect(dot).toContain('label=" n2: Parcel tea\\l"');
    expect(dot).toMatch(/"s1" -> "s2" \[.*color="#c81e1e".*tooltip="violates 'nothing is kept'"/);
    expect(dot).toContain('peripheries=2');
    expect(dot).toContain('VIOLATES unanswered');
    elementsOf(await dotToSvg(dot));
  });

  test('marks a state in which something should be able to happen', () => {
    expect(stateGraph(courier.build({ crashes: 1 }, null), { most: 300 })).toContain('VIOLATES quiescence');
  });

  test.each(['set', 'bag', 'fifo'])('has as many nodes as the explorer has states, network %s', async (network) => {
    const parameters = { network, crashes: 1 };
    const { distinct } = await check(courier, { parameters, properties: ['answered'] });
    const dot = stateGraph(courier.build(parameters, null), { most: 1000 });
    expect(countOf(dot, /^ {2}"s\d+" \[/m)).toBe(distinct);
  });

  test('too large to be read is refused, with what to do instead', () => {
    const draw = () => stateGraph(courier.build(FAULTS, null), { most: 20 });
    expect(draw).toThrow(UsageError);
    expect(draw).toThrow(/more than 20 states cannot be read, and there are \d+ by depth \d+.*--quotient/);
  });

  test('is the same every time', () => {
    const draw = () => stateGraph(courier.build({ crashes: 1 }, null), { most: 300 });
    expect(draw()).toBe(draw());
  });
});

describe('its quotient', () => {
  test('puts every state into one node', async () => {
    const { distinct } = await check(courier, { parameters: FAULTS, properties: ['answered'] });
    const dot = stateGraph(courier.build(FAULTS, null), { most: 300, quotient: ['kept'] });
    const nodes = countOf(dot, /^ {2}"c\d+" \[/m);
    expect(dot).toContain(`kept of n1, n2: ${nodes} classes of ${distinct} states`);
    const sizes = [...dot.matchAll(/\\l([\d,]+) states?[,\\"]/g)].map(([, text = '']) =>
      Number(text.replaceAll(',', '')),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(distinct);
    expect(dot).toContain('n2 tea');
    expect(dot).toContain('n2 down');
    expect(dot).toMatch(/label=" \d+ Parcel/);
    elementsOf(await dotToSvg(dot));
  });

  test('by whole views, and of a bare system by fields of its state', () => {
    expect(stateGraph(courier.build({}, null), { most: 300, quotient: true })).toContain(
      'label="all no kept, not sent\\l1 state\\l"',
    );
    const dot = stateGraph(jugs.build({}, null), { most: 300, quotient: ['big'] });
    expect(countOf(dot, /^ {2}"c\d+" \[/m)).toBe(6);
    expect(dot).toContain('big: 6 classes of 16 states');
    expect(dot).toMatch(/label="4\\l2 states, \d+ steps within\\lVIOLATES not four in 2 states\\l"/);
  });

  test('by a field that no view has is refused; those that there are are named', () => {
    const draw = () => stateGraph(courier.build({}, null), { most: 300, quotient: ['kept', 'nix'] });
    expect(draw).toThrow(UnknownName);
    expect(draw).toThrow("there is no field 'nix' in the views of the processes; there is kept, sent");
  });

  test('too large is refused, also when its nodes would be few', () => {
    const instance = jugs.build({}, null);
    expect(() => stateGraph(instance, { most: 3, quotient: ['big'] })).toThrow(/more than 3 nodes cannot be read/);
    expect(() => stateGraph(instance, { most: 300, quotient: ['big'], explored: 10 })).toThrow(/more than 10/);
  });

  test('a field that appears only later is known', () => {
    const late = transitionSystem({
      name: 'late',
      summary: '',
      initial: (): Record<string, number>[] => [{ first: 0 }],
      next: (state) => ('second' in state ? [] : [['grow', { ...state, second: 1 }]]),
    }).build({}, null);
    expect(stateGraph(late, { most: 10, quotient: ['second'] })).toContain('second: 2 classes of 2 states');
  });
});
