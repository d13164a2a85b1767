/** Actions of bare transition systems: what they are given, and what is refused. */

import { describe, expect, test } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { mutableCopy } from '../../../model/contract/content-set.ts';
import { type Actions, each, type System, transitionSystem, when } from '../../../model/contract/index.ts';

interface State {
  readonly sent: ReadonlySet<{ readonly to: string; readonly n: number }>;
  readonly done: number;
}

const toy = (actions: Actions<State>, initial: unknown = { sent: new Set(), done: 0 }): System =>
  transitionSystem<State>({ name: 'toy', summary: 'a toy', initial: () => [initial as State], actions });

describe.each(['engine', 'naive'] as const)('%s', (explorer) => {
  const run = (system: System) => check(system, { explorer });

  test('an action with parameters is one for each choice of them; Sets know their members by content', async () => {
    const system = toy({
      Send: each(
        [
          ['a', 'b'],
          [1, 2],
        ],
        (state, to, n) => {
          when(!state.sent.has({ to, n }));
          state.sent.add({ n, to });
        },
      ),
    });
    expect(await run(system)).toMatchObject({ verdict: 'holds', distinct: 16, generated: 33, depth: 5 });
  });

  test('a step that changes nothing is a step; what `when` refuses is none, whatever was changed before', async () => {
    const system = toy({
      stutter: () => undefined,
      never(state) {
        state.done = 1;
        when(state.done === 0);
      },
    });
    expect(await run(system)).toMatchObject({ distinct: 1, generated: 2, quiescent: 0 });
  });

  test.each<[string, System, RegExp]>([
    [
      'an action that throws',
      toy({
        Fall() {
          throw new Error('oh');
        },
      }),
      /action Fall failed: oh/,
    ],
    [
      'one that returns a state instead of changing it',
      toy({ Return: ((state: State) => ({ ...state, done: 1 })) as never }),
      /action Return returned something: an action changes the state that it is given/,
    ],
    [
      'what is not plain data',
      toy({
        Date(state) {
          state.done = new Date(0) as never;
        },
      }),
      /done is an instance of Date/,
    ],
    ['a state that is not an object', toy({}, 7), /the state 7 is not an object: .* give the system 'next' instead/],
  ])('%s is an error of the model', async (_, system, message) => {
    await expect(run(system)).rejects.toThrow(message);
  });
});

test('an action that is not a function of the state is found out', async () => {
  let calls = 0;
  const system = toy({
    Count(state) {
      state.done = ++calls;
    },
  });
  await expect(check(system)).rejects.toThrow(/action Count is not a function of the state/);
});

test('what is read of a state in one part is not forgotten when another part decides', async () => {
  let isOpen = false;
  const system = toy({
    Wait(state) {
      when(state.sent.size < 3);
      state.sent.add({ to: 'a', n: state.sent.size });
      isOpen = state.sent.size === 3;
    },
    Enter(state) {
      when(isOpen);
      state.done = 1;
    },
  });
  await expect(check(system, { paranoid: true })).rejects.toThrow(/action Enter is not a function of the state/);
});

test('neither actions nor next, and both, are refused', () => {
  const parts = { name: 'toy', summary: '', initial: () => [{}] };
  expect(() => transitionSystem(parts as never).build({}, null)).toThrow(
    /system 'toy': it must give either actions or next/,
  );
  expect(() => transitionSystem({ ...parts, actions: {}, next: () => [] } as never).build({}, null)).toThrow(/either/);
});

test('a copy has everything in canonical order, nothing twice, and may be changed', () => {
  const item = { k: 1 };
  const copy = mutableCopy({ z: [item, item], a: new Set(['y', 'x']), m: new Map([['b', item]]) }) as {
    z: { k: number }[];
    a: Set<string>;
    m: Map<string, { k: number }>;
  };
  expect(Object.keys(copy)).toEqual(['a', 'm', 'z']);
  expect([...copy.a]).toEqual(['x', 'y']);
  copy.z[0] = { k: 2 };
  (copy.m.get('b') ?? item).k = 3;
  expect([copy.z[1], item]).toEqual([{ k: 1 }, { k: 1 }]);
});
