import { describe, expect, test } from 'vitest';
import { traceToItf } from '../../../explorer/report/itf.ts';
import { transitionSystem } from '../../../model/contract/index.ts';
import courier from './courier.ts';
import jugs from './jugs.ts';
import { script } from './script.ts';

const LINES = ['c1 asks n1: deliver tea', 'n2 receives Parcel tea from n1'] as const;

/** Whatever the format has no expression for: null, JSON numbers outside of `#meta`, odd `#` fields. */
function strangers(value: unknown): unknown[] {
  if (typeof value === 'string' || typeof value === 'boolean') return [];
  if (typeof value !== 'object' || value === null) return [value];
  if (Array.isArray(value)) return value.flatMap(strangers);
  const entries = Object.entries(value);
  const known = ['#bigint', '#set', '#map', '#tup', '#unserializable'];
  const odd = entries.filter(([key]) => key.startsWith('#') && (!known.includes(key) || entries.length > 1));
  return [...odd, ...entries.flatMap(([, item]) => strangers(item))];
}

describe('a run in the Informal Trace Format', () => {
  test('of a bare system: its fields are the variables', () => {
    const instance = jugs.build({}, null);
    const run = { ...script(instance, 'fill big', 'big to small'), property: 'full', system: 'jugs' };
    expect(traceToItf(instance, run)).toEqual({
      '#meta': {
        format: 'ITF',
        'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
        source: 'jugs',
        description: 'full is not reached',
      },
      vars: ['action', 'small', 'big'],
      states: [
        { '#meta': { index: 0, action: 'start' }, action: 'start', small: { '#bigint': '0' }, big: { '#bigint': '0' } },
        {
          '#meta': { index: 1, action: 'fill big' },
          action: 'fill big',
          small: { '#bigint': '0' },
          big: { '#bigint': '5' },
        },
        {
          '#meta': { index: 2, action: 'big to small' },
          action: 'big to small',
          small: { '#bigint': '3' },
          big: { '#bigint': '2' },
        },
      ],
    });
  });

  test.each(['set', 'bag', 'fifo'])('of processes: every state gives every variable, network %s', (network) => {
    const instance = courier.build({ network, crashes: 1 }, null);
    const { vars, states } = traceToItf(instance, script(instance, ...LINES, 'n2 crashes'));
    expect(vars).toEqual([
      'processes',
      'network',
      ...(network === 'fifo' ? ['sessions'] : []),
      'spent',
      'history',
      'event',
    ]);
    expect(states).toHaveLength(4);
    for (const [index, { '#meta': meta, ...values }] of states.entries()) {
      expect(meta).toMatchObject({ index });
      expect(Object.keys(values)).toEqual(vars);
      expect(strangers(values)).toEqual([]);
    }
  });

  test('processes are a map, sets are sets, null is None, what a crash leaves is kept', () => {
    const instance = courier.build({ crashes: 1 }, null);
    const { states } = traceToItf(instance, script(instance, ...LINES, 'n2 crashes'));
    const none = { tag: 'None', value: { '#tup': [] } };
    expect(states[1]?.processes).toEqual({
      '#map': [
        [
          'n1',
          {
            up: true,
            state: {
              kept: none,
              sending: { parcel: 'tea', client: 'c1', receipts: { '#set': [] } },
              log: [],
              links: {},
            },
            timers: { '#set': ['again'] },
          },
        ],
        ['n2', { up: true, state: { kept: none, sending: none, log: [], links: {} }, timers: { '#set': [] } }],
      ],
    });
    expect(states[3]?.processes).toMatchObject({ '#map': [{}, ['n2', { up: false, kept: { kept: 'tea' } }]] });
    expect(states[2]?.event).toEqual({
      type: 'receive',
      process: 'n2',
      from: 'n1',
      message: { type: 'Parcel', content: 'tea' },
    });
  });

  test('what a record may not hold becomes a map, what is no integer is said to be none', () => {
    const odd = transitionSystem({
      name: 'odd',
      summary: '',
      initial: () => [{ a: { tag: 'x' }, b: { '#set': 1 }, c: 0.5, d: new Map([[1, [true]]]), e: -1e20 }],
      next: () => [],
    }).build({}, null);
    expect(traceToItf(odd, { initial: 0, events: [] }).states[0]).toMatchObject({
      a: { '#map': [['tag', 'x']] },
      b: { '#map': [['#set', { '#bigint': '1' }]] },
      c: { '#unserializable': '0.5' },
      d: { '#map': [[{ '#bigint': '1' }, [true]]] },
      e: { '#bigint': '-100000000000000000000' },
    });
  });

  test('a state without fields is one variable; one that comes later is None before', () => {
    const growing = transitionSystem({
      name: 'growing',
      summary: '',
      initial: (): unknown[] => [0],
      next: (state) => (state === 0 ? [['name', { n: 1 }]] : []),
    }).build({}, null);
    const { vars, states } = traceToItf(growing, script(growing, 'name'));
    expect(vars).toEqual(['action', 'state', 'n']);
    expect(states[0]).toMatchObject({ state: { '#bigint': '0' }, n: { tag: 'None' } });
  });
});
