/**
 * Random protocols whose handlers read and write a state of all kinds of plain data, in all the ways there are: what the
 * records of reads must not miss, and what views of a state must not change.
 */

import fc from 'fast-check';
import { current, original, undrafted } from '../../model/contract/draft.ts';
import {
  always,
  type Draft,
  type Process,
  type Protocol,
  protocol,
  type System,
  system,
  type Tagged,
  z,
} from '../../model/contract/index.ts';

export interface Rich {
  readonly nested: { readonly deep: { n: number; readonly flag: boolean }; readonly list: readonly { k: number }[] };
  readonly words: readonly string[];
  readonly members: ReadonlySet<number>;
  readonly objects: ReadonlySet<{ readonly n: number }>;
  readonly table: ReadonlyMap<string, { readonly n: number }>;
  readonly record: Readonly<Record<string, number | null>>;
  readonly maybe?: number;
  readonly shape: null | number | readonly number[] | { readonly kind: string; readonly x?: number };
}

const initial = (): Rich => ({
  nested: { deep: { n: 1, flag: false }, list: [{ k: 0 }, { k: 1 }] },
  words: ['w1', 'w0'],
  members: new Set([1]),
  objects: new Set(),
  table: new Map([['t1', { n: 1 }]]),
  record: { r0: null },
  shape: null,
});

type Guard = (state: Draft<Rich>, n: number) => boolean;
type Edit = (state: Draft<Rich>, n: number) => unknown;

/** Reads. Each is a function of the state's content; none depends on the order in which a Set or Map was filled. */
const guards: readonly Guard[] = [
  ({ nested }, n) => nested.deep.n < n,
  ({ nested }) => nested.deep.flag,
  ({ nested }, n) => nested.list.some(({ k }) => k === n),
  ({ nested }, n) => nested.list.length > n,
  ({ nested }, n) => nested.list[n]?.k === 1,
  ({ nested }) => nested.list[0] === nested.list[1] || nested.list.includes(nested.list[2] ?? { k: 9 }),
  ({ nested }, n) => nested.list.map(({ k }) => k).reduce((sum, k) => sum + k, 0) === n,
  ({ nested }) => nested.list.toSorted((a, b) => a.k - b.k).at(-1) === nested.list.at(-1),
  ({ words }, n) => words.includes(`w${n}`),
  ({ words }, n) => words.toSorted()[0] === `w${n}`,
  ({ words }, n) => [...words, 'x'].indexOf(`w${n}`) > 0,
  ({ words }, n) => words.join().length > 3 * n,
  ({ words }, n) => `${n}` in words,
  ({ words }, n) => words.findLast((word) => word < `w${n}`) !== undefined,
  ({ members }, n) => members.has(n),
  ({ members }, n) => members.size > n,
  ({ members }, n) => [...members].some((member) => member > n),
  ({ objects }, n) => [...objects].some((object) => object.n === n),
  ({ table }, n) => table.get(`t${n}`)?.n === 1,
  ({ table }, n) => [...table.values()].length > n,
  ({ record }, n) => `r${n}` in record,
  ({ record }, n) => Object.hasOwn(record, `r${n}`),
  ({ record }, n) => record[`r${n}`] === null,
  ({ record }, n) => Object.keys(record).length > n,
  ({ record }, n) => Object.values(record).some((value) => value === n),
  ({ record }) => {
    for (const key in record) if (record[key] === 2) return true;
    return false;
  },
  ({ record }, n) => Object.getOwnPropertyDescriptor(record, `r${n}`)?.value === 1,
  (state) => state.maybe === undefined,
  (state) => 'maybe' in state,
  ({ maybe = 0 }, n) => maybe > n,
  ({ nested, ...rest }) => Object.keys(rest).length === 6,
  (state, n) => ({ ...state }).maybe === n,
  ({ nested }, n) => JSON.stringify(nested).length % 4 === n,
  (state) => JSON.stringify(state.record) === '{"r0":null}',
  ({ shape }) => Array.isArray(shape),
  ({ shape }, n) => Array.isArray(shape) && shape[0] === n,
  ({ shape }) => typeof shape === 'object' && shape !== null && 'kind' in shape && shape.kind === 'a',
  ({ shape }) => shape === null,
  (state, n) => current(state).nested.deep.n === n,
  (state, n) => original(state)?.nested.list[n] !== undefined,
  (state, n) => undrafted(state, 'nested').list[n]?.k === 1,
  (state, n) => undrafted(state, 'words').includes(`w${n}`),
  (state, n) => undrafted(state, 'members').has(n),
  (state, n) => undrafted(state, 'maybe') === n,
  // Without effect in some states, and for that matter a read.
  ({ nested }, n) => {
    nested.deep.n = n;
    return false;
  },
  ({ members }, n) => {
    members.add(n);
    return false;
  },
  ({ words }) => {
    words.sort();
    return false;
  },
  ({ nested }) => {
    nested.list.sort((a, b) => a.k - b.k);
    return false;
  },
  ({ record }, n) => {
    record[`r${n}`] = 1;
    return false;
  },
  (state) => {
    delete state.maybe;
    return false;
  },
  (state) => {
    state.nested = { deep: state.nested.deep, list: [{ k: 0 }] };
    return false;
  },
  (state) => {
    const { shape } = state;
    state.shape = shape;
    return false;
  },
  (state) => {
    state.nested = undrafted(state, 'nested') as Draft<Rich['nested']>;
    return false;
  },
  (state, n) => {
    state.words = [`w${n}`, ...undrafted(state, 'words').slice(1)];
    return false;
  },
];

/**
 * Writes, of new values and of parts of the state that move from place to place. All keep the state small, and no two members
 * of a Set equal, which is no plain data.
 */
const edits: readonly Edit[] = [
  ({ nested }, n) => {
    nested.deep.n = n;
  },
  ({ nested }) => {
    nested.deep.flag = !nested.deep.flag;
  },
  ({ nested }, n) => nested.list.length < 3 && nested.list.push({ k: n }),
  ({ nested }) => nested.list.shift(),
  ({ nested }) => nested.list.reverse(),
  ({ nested }, n) => {
    for (const item of nested.list) item.k = n;
  },
  ({ nested }) => {
    const last = nested.list.pop();
    if (last !== undefined) nested.list.unshift(last);
  },
  ({ words }, n) => words.splice(0, 1, `w${n}`),
  ({ words }, n) => words.length < 3 && words.push(`w${n}`),
  ({ words }) => words.pop(),
  ({ members }, n) => members.add(n),
  ({ members }, n) => members.delete(n),
  ({ objects, nested }) => [...objects].every(({ n }) => n !== nested.deep.n) && objects.add({ ...nested.deep }),
  ({ objects }, n) => {
    if (objects.size === 1) for (const object of objects) object.n = n;
  },
  ({ objects }) => objects.clear(),
  ({ table }, n) => table.set(`t${n}`, { n }),
  ({ table, nested }, n) => table.set(`t${n}`, nested.deep),
  ({ table }, n) => table.delete(`t${n}`),
  ({ table }, n) => {
    const entry = table.get('t1');
    if (entry !== undefined) entry.n = n;
  },
  ({ record }, n) => {
    record[`r${n}`] = n;
  },
  ({ record }, n) => {
    record[`r${n}`] = null;
  },
  ({ record }, n) => delete record[`r${n}`],
  (state, n) => {
    state.maybe = n;
  },
  (state) => delete state.maybe,
  (state, n) => {
    state.shape = [n];
  },
  (state, n) => {
    state.shape = n === 0 ? null : { kind: n === 1 ? 'a' : 'b' };
  },
  (state) => {
    state.nested = { ...state.nested, list: [...state.nested.list] };
  },
  // What is put anew is edited later, perhaps, so that nothing in it may be of the state itself, which is frozen.
  (state, n) => {
    const { deep, list } = undrafted(state, 'nested');
    state.nested = { deep: { ...deep, n }, list: list.slice(0, 2).map((item) => ({ ...item })) };
  },
  (state) => {
    const words = undrafted(state, 'words');
    if (words.length < 3) state.words = [...words, 'w9'];
  },
];

/** What a handler does: guards, each with the value that it must have to go on; then what it writes, sends and tells. */
export interface Program {
  readonly guards: readonly { readonly index: number; readonly wanted: boolean }[];
  readonly edits: readonly number[];
  readonly sends: boolean;
  readonly arms: boolean;
}

export const KINDS = ['a', 'b', 'c', 'd'] as const;
/** Messages carry a number below this. */
export const NUMBERS = 4;

export const programs: fc.Arbitrary<readonly Program[]> = fc.array(
  fc.record({
    guards: fc.array(fc.record({ index: fc.nat(guards.length - 1), wanted: fc.boolean() }), { maxLength: 3 }),
    edits: fc.array(fc.nat(edits.length - 1), { maxLength: 2 }),
    sends: fc.boolean(),
    arms: fc.boolean(),
  }),
  { minLength: KINDS.length, maxLength: KINDS.length },
);

const messages = {
  a: { n: z.int() },
  b: { n: z.int() },
  c: { n: z.int() },
  d: { n: z.int() },
  told: { rich: z.any() },
};

export function guardedProtocol(programs: readonly Program[]): Protocol<Rich> {
  const handler =
    (index: number) =>
    (state: Draft<Rich>, { n }: { n: number }, process: Sending) => {
      const program = programs[index];
      if (program === undefined) return;
      for (const { index, wanted } of program.guards) if (guards[index]?.(state, n) !== wanted) return;
      for (const edit of program.edits) edits[edit]?.(state, n);
      if (program.arms) process.setTimer('tick');
      if (!program.sends) return;
      const type = KINDS[(index + 1) % KINDS.length] ?? 'a';
      for (const to of process.peers) process.send(to, { type, n });
      // Part of the state leaves as it is, to oneself as well.
      process.broadcast({ type: 'told', rich: state.nested });
    };
  return protocol({
    name: 'guarded',
    version: 1,
    messages,
    requests: { ask: { kind: z.int(), n: z.int() } },
    timers: ['tick'],
    init: initial,
    receive: {
      a: handler(0),
      b: handler(1),
      c: handler(2),
      d: handler(3),
      told(state, { rich }: { rich: Draft<Rich>['nested'] }, { from, self }) {
        if (from === self || rich.list.length === state.nested.list.length) return;
        state.nested.deep = rich.deep;
      },
    },
    request: { ask: (state, { kind, n }, process) => handler(kind)(state, { n }, process) },
    timeout: { tick: () => undefined },
  });
}

type Sending = Process<Tagged<typeof messages>, 'tick'>;

/** The same as a system: all messages are asked for by clients, of one process or two. */
export const randomGuards: fc.Arbitrary<System> = fc
  .record({
    programs: fc.array(programs, { minLength: 2, maxLength: 2 }),
    network: fc.constantFrom('set', 'bag'),
    pokes: fc.array(fc.record({ to: fc.nat(1), kind: fc.nat(KINDS.length - 1), n: fc.nat(NUMBERS - 1) }), {
      minLength: 3,
      maxLength: 5,
    }),
    bad: fc.nat(NUMBERS - 1),
  })
  .map(({ programs, network, pokes, bad }) => {
    const ids = ['n1', 'n2'];
    const poked = (to: string) => pokes.filter((poke) => ids[poke.to] === to);
    return system({
      name: 'guards',
      summary: JSON.stringify({ programs, network, pokes, bad }),
      build: () => ({
        processes: ids.map((id, index) => ({ id, protocol: guardedProtocol(programs[index] ?? []) })),
        network,
        environment: {
          requests: ids.flatMap((to) => poked(to).map(({ kind, n }) => ({ to, request: { type: 'ask', kind, n } }))),
        },
        bounds: { inFlight: 2 },
        view: ({ nested }: Rich) => nested.deep.n,
        properties: [
          always('not both', ({ views }: { views: Record<string, number> }) => views.n1 !== bad || views.n2 !== bad),
        ],
      }),
    });
  });
