/**
 * Random bare transition systems whose steps read and write a state of all kinds of plain data, in all the ways there are:
 * what the records of reads must not miss, and what drafts of a state must not change.
 */

import fc from 'fast-check';
import {
  type Actions,
  always,
  alwaysStep,
  type Draft,
  type System,
  sometimes,
  transitionSystem,
  when,
} from '../../model/contract/index.ts';

export interface Rich {
  readonly n: number;
  readonly nested: { readonly deep: { readonly n: number; readonly flag: boolean }; readonly list: readonly Item[] };
  readonly words: readonly string[];
  readonly messages: ReadonlySet<Message>;
  readonly numbers: ReadonlySet<number>;
  readonly table: ReadonlyMap<string, Item>;
  readonly record: Readonly<Record<string, number | null>>;
  readonly maybe?: number;
  readonly shape: null | number | readonly number[] | { readonly k: number } | ReadonlySet<number>;
}

interface Item {
  readonly k: number;
}

interface Message {
  readonly type: string;
  readonly n: number;
}

const initial = (n: number): Rich => ({
  n,
  nested: { deep: { n: 1, flag: false }, list: [{ k: 0 }, { k: 1 }] },
  words: ['w1', 'w0'],
  messages: new Set([{ type: 'a', n: 0 }]),
  numbers: new Set([1]),
  table: new Map([['t1', { k: 1 }]]),
  record: { r1: null, r0: 0 },
  shape: null,
});

type Reading = (state: Rich, n: number) => boolean;
type Writing = (state: Draft<Rich>, n: number) => void;

/** Reads; of actions, bounds and properties alike. */
const readings: readonly Reading[] = [
  ({ n }, m) => n < m,
  ({ nested }, n) => nested.deep.n < n,
  ({
    nested: {
      deep: { flag },
    },
  }) => flag,
  ({ nested }, n) => nested.list.some(({ k }) => k === n),
  ({ nested }, n) => nested.list.length > n,
  ({ nested }, n) => nested.list[n]?.k === 1,
  ({ nested }) => nested.list[0] === nested.list[1] || nested.list.includes(nested.list[2] ?? { k: 9 }),
  ({ nested }) => nested.list.toSorted((a, b) => b.k - a.k).at(-1) === nested.list.at(-1),
  ({ nested }, n) => JSON.stringify(nested).length % 3 === n,
  ({ nested }) => nested.deep === { ...nested }.deep,
  ({ words }, n) => words.includes(`w${n}`),
  ({ words }, n) => words.toSorted()[0] === `w${n}`,
  ({ words }, n) => [...words, 'x'].indexOf(`w${n}`) > 0,
  ({ words }, n) => n in words && words.join('') < `w${n}`,
  ({ messages }, n) => messages.size > n,
  ({ messages }, n) => [...messages].some((message) => message.n === n && messages.has(message)),
  ({ numbers }, n) => numbers.has(n),
  ({ numbers }, n) => [...numbers].reduce((sum, number) => sum + number, 0) === n,
  ({ numbers }, n) => Math.max(...numbers) > n,
  ({ table }, n) => table.get(`t${n}`)?.k === n,
  ({ table }, n) => table.has(`t${n}`) && table.size > 1,
  ({ table }, n) => [...table.keys()].join().includes(`${n}`),
  ({ table }, n) => [...table].some(([, { k }]) => k === n),
  ({ record }, n) => `r${n}` in record,
  ({ record }, n) => Object.hasOwn(record, `r${n}`),
  ({ record }, n) => record[`r${n}`] === null,
  ({ record }, n) => Object.values(record).includes(n),
  ({ record }, n) => Object.entries({ ...record, extra: 1 }).length > n,
  ({ maybe = 0 }, n) => maybe > n,
  (state, n) => ('maybe' in state ? n > 0 : n === 0),
  (state, n) => Object.keys(state).length % 3 === n,
  ({ shape }, n) => shape === n,
  ({ shape }) => Array.isArray(shape),
  ({ shape }, n) => shape instanceof Set && shape.has(n),
  ({ shape }, n) => typeof shape === 'object' && shape !== null && 'k' in shape && shape.k === n,
  (state, n) => structuredClone(state.n) === n,
  // Of a draft there is no clone: such a function is called with the state itself.
  ({ nested }, n) => structuredClone(nested).deep.n === n,
];

/** Reads for systems with actions: there, Sets know their members by content, and everything has one order. */
const contentReadings: readonly Reading[] = [
  ({ messages }, n) => [...messages].map(({ type }) => type)[n] === 'a',
  ({ numbers }, n) => {
    for (const number of numbers) return number === n;
    return false;
  },
  ({ record }, n) => Object.keys(record).indexOf(`r${n}`) === 1,
  ({ messages }, n) => messages.has({ type: 'a', n }),
  ({ messages }, n) => messages.has({ n, type: 'b' }),
];

const writings: readonly Writing[] = [
  (state, n) => {
    state.n = n;
  },
  ({ nested }, n) => {
    nested.deep.n = n;
  },
  ({ nested }) => {
    nested.deep = { n: nested.deep.n, flag: !nested.deep.flag };
  },
  ({ nested }, n) => {
    if (nested.list.length < 4) nested.list.push({ k: n });
  },
  ({ nested }) => {
    const first = nested.list.shift();
    if (first !== undefined) first.k = 2;
  },
  ({ nested }) => {
    nested.list.sort((a, b) => b.k - a.k);
  },
  ({ nested }) => {
    nested.list.reverse();
    const [first] = nested.list;
    if (first !== undefined) first.k = (first.k + 1) % 3;
  },
  ({ nested }, n) => {
    nested.list = nested.list.filter(({ k }) => k !== n);
  },
  ({ nested }) => {
    nested.list.length = Math.min(1, nested.list.length);
  },
  ({ nested }, n) => {
    nested.list.splice(n, 1, { k: n });
  },
  ({ words }, n) => {
    if (!words.includes(`w${n}`)) words.unshift(`w${n}`);
  },
  ({ words }) => {
    words.pop();
  },
  ({ words }, n) => {
    if (n < words.length) words[n] = 'w';
  },
  ({ messages }, n) => {
    messages.add({ type: 'a', n });
  },
  ({ messages }, n) => {
    messages.add({ n, type: 'b' }).add({ type: 'a', n: 0 });
  },
  ({ messages }, n) => {
    messages.delete({ type: 'a', n });
  },
  ({ messages }) => {
    for (const message of [...messages]) if (message.type === 'b') messages.delete(message);
  },
  (state, n) => {
    state.messages = new Set([...state.messages].filter((message) => message.n !== n));
  },
  ({ numbers }, n) => {
    numbers.delete(n);
    numbers.add(n);
    if ([...numbers][0] === n) numbers.add(2);
  },
  ({ numbers }, n) => {
    if (!numbers.delete(n)) numbers.add(n);
  },
  ({ numbers }) => {
    numbers.clear();
  },
  ({ table }, n) => {
    table.set(`t${n}`, { k: n });
  },
  ({ table }, n) => {
    const item = table.get(`t${n}`);
    if (item !== undefined) item.k = 2;
  },
  ({ table }, n) => {
    table.delete(`t${n}`);
    table.set(`t${n}`, { k: [...table.keys()].length % 3 });
  },
  ({ table }) => {
    for (const item of table.values()) item.k = 0;
  },
  ({ record }, n) => {
    record[`r${n}`] = n;
  },
  ({ record }, n) => {
    delete record[`r${n}`];
  },
  ({ record }, n) => {
    const before = record[`r${n}`] ?? null;
    delete record[`r${n}`];
    record[`r${n}`] = before;
    record.r9 = Object.keys(record).indexOf(`r${n}`);
  },
  (state, n) => {
    state.maybe = n;
  },
  (state) => {
    delete state.maybe;
  },
  (state, n) => {
    state.shape = [null, 1, { k: n }][n] ?? null;
  },
  (state, n) => {
    state.shape = n === 0 ? [n, 1] : new Set([n]);
  },
  (state, n) => {
    if (Array.isArray(state.shape)) state.shape[Math.min(n, state.shape.length)] = n;
    else state.shape = [];
  },
  (state) => {
    const [item] = state.nested.list;
    if (item === undefined) return;
    state.shape = item;
    item.k = 1;
  },
  (state) => {
    state.nested = { ...state.nested, list: [...state.nested.list].slice(0, 2) };
  },
  (state) => {
    Object.assign(state.record, { r1: state.record.r0 ?? 1 });
  },
  (state, n) => {
    Object.defineProperty(state, 'n', { value: n, writable: true, enumerable: true, configurable: true });
  },
  () => undefined,
];

const applied = (parts: number) => fc.record({ part: fc.nat(parts - 1), n: fc.nat(2), negated: fc.boolean() });

const step = (parts: number) =>
  fc.record({
    guards: fc.array(applied(parts), { maxLength: 2 }),
    edits: fc.array(applied(writings.length), { minLength: 1, maxLength: 3 }),
  });

function holds(list: readonly Reading[], { part, n, negated }: Part) {
  return (state: Rich): boolean => (list[part]?.(state, n) ?? true) !== negated;
}

/** A random system of actions on a rich state. */
export const randomActions: fc.Arbitrary<System> = randomBare([...readings, ...contentReadings], (steps) => ({
  actions: Object.fromEntries(
    steps.map(({ guards, edits }, index) => [
      `step ${index}`,
      (state) => {
        for (const guard of guards) when(holds([...readings, ...contentReadings], guard)(state as Rich));
        for (const { part, n } of edits) writings[part]?.(state, n);
      },
    ]),
  ) satisfies Actions<Rich>,
}));

/** Steps that make a new state of parts of the one before. */
const makings: readonly ((state: Rich, n: number) => Rich)[] = [
  (state, n) => ({ ...state, n }),
  (state, n) => ({ ...state, nested: { ...state.nested, deep: { n, flag: !state.nested.deep.flag } } }),
  (state, n) => ({ ...state, nested: { ...state.nested, list: [...state.nested.list, { k: n }].slice(-3) } }),
  (state, n) => ({ ...state, words: state.words.toSpliced(n, 1) }),
  (state, n) => ({ ...state, words: state.words.map((word, index) => (index === n ? 'w' : word)) }),
  (state, n) => ({ ...state, numbers: new Set([...state.numbers, n]) }),
  (state, n) => ({ ...state, numbers: new Set([...state.numbers].filter((number) => number !== n)) }),
  (state, n) => ({ ...state, messages: new Set([...state.messages].filter((message) => message.n !== n)) }),
  (state, n) => ({ ...state, messages: new Set([{ type: 'b', n }]) }),
  (state, n) => ({ ...state, table: new Map([...state.table, [`t${n}`, { k: n }]]) }),
  (state) => ({ ...state, shape: state.nested.list[0] ?? null }),
  (state, n) => ({ ...state, shape: n === 0 ? [0] : n === 1 ? new Set([1]) : null }),
  ({ maybe: _, ...state }) => state,
  (state, n) => ({ maybe: n, ...state }),
  (state, n) => ({ ...state, record: { ...state.record, [`r${n}`]: n } }),
  (state) => ({ ...state, record: {} }),
  (state) => state,
];

/** A random system that lists successors of a rich state. */
export const randomNext: fc.Arbitrary<System> = randomBare(readings, (steps) => ({
  *next(state: Rich) {
    for (const [index, { guards, edits }] of steps.entries()) {
      if (!guards.every((guard) => holds(readings, guard)(state))) continue;
      const after = edits.reduce((made, { part, n }) => makings[part % makings.length]?.(made, n) ?? made, state);
      yield [`step ${index}`, after] as const;
    }
  },
}));

interface Part {
  readonly part: number;
  readonly n: number;
  readonly negated: boolean;
}

type Steps = readonly { readonly guards: readonly Part[]; readonly edits: readonly Part[] }[];

function randomBare(
  list: readonly Reading[],
  partsOf: (steps: Steps) => { actions: Actions<Rich> } | { next: (state: Rich) => Iterable<readonly [string, Rich]> },
): fc.Arbitrary<System> {
  return fc
    .record({
      steps: fc.array(step(list.length), { minLength: 1, maxLength: 4 }),
      initial: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 2 }),
      good: fc.array(applied(list.length), { minLength: 2, maxLength: 3 }),
      goal: applied(list.length),
      stays: applied(list.length),
      within: fc.option(applied(list.length)),
      rests: applied(list.length),
    })
    .map((choice) =>
      transitionSystem<Rich>({
        name: 'random',
        summary: 'random steps',
        initial: () => choice.initial.map(initial),
        ...partsOf(choice.steps),
        bounds: { local: choice.within === null ? {} : { within: holds(list, choice.within) } },
        properties: [
          always('good', (state) => choice.good.some((good) => holds(list, good)(state))),
          sometimes('goal', holds(list, choice.goal)),
          alwaysStep(
            'stays',
            (before, after) => !holds(list, choice.stays)(before) || holds(list, choice.stays)(after),
          ),
        ],
        quiescence: holds(list, choice.rests),
      }),
    );
}
