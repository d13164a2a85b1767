/** Drafts against immer's, which have the same interface, on random values and edits; and what is promised beside. */

import { types } from 'node:util';
import fc from 'fast-check';
import { enableMapSet, current as immerCurrent, produce } from 'immer';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../../model/contract/data.ts';
import { current, edited, freeze, isDraft, original } from '../../../model/contract/draft.ts';

enableMapSet();

const leaf = fc.oneof(fc.nat(3), fc.constantFrom('a', 'b', null, true));
const key = fc.constantFrom('a', 'b', 'c');
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    fc.array(fc.oneof(leaf, fc.dictionary(key, leaf)), { maxLength: 3 }).map((members) => new Set(members)),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
}));
const base = fc.oneof(fc.dictionary(key, value), fc.array(value, { maxLength: 4 }));

/** Walks into a value by the numbers, and does something there. */
const edit = fc.record({
  walk: fc.array(fc.nat(3), { maxLength: 4 }),
  does: fc.constantFrom('put', 'drop', 'empty', 'grow', 'shift', 'reverse', 'move', 'rewrite', 'nothing'),
  where: fc.nat(3),
  put: value,
});
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;
type Nested = unknown[] | Record<string, unknown> | Map<unknown, unknown> | Set<unknown>;

function isNested(part: unknown): part is Nested {
  return typeof part === 'object' && part !== null;
}

function partsOf(nested: Nested): unknown[] {
  return nested instanceof Map || nested instanceof Set ? [...nested.values()] : Object.values(nested);
}

function apply(root: Nested, { walk, does, where, put }: Edit): void {
  let at = root;
  for (const step of walk) {
    const next = partsOf(at)[step];
    if (!isNested(next)) break;
    at = next;
  }
  // Both sides must put values of their own, which the result then freezes.
  const fresh: unknown = structuredClone(put);
  const name = ['a', 'b', 'c', 'd'][where] ?? '';
  if (Array.isArray(at)) applyToArray(at, does, where, fresh);
  else if (at instanceof Set) {
    if (does === 'empty') at.clear();
    else if (does === 'drop') at.delete([...at][where]);
    else if (does !== 'nothing') at.add(fresh);
  } else if (at instanceof Map) {
    if (does === 'empty') at.clear();
    else if (does === 'drop') at.delete(name);
    else if (does === 'move') at.set(name, at.get('a') ?? null);
    else if (does !== 'nothing') at.set(name, fresh);
  } else if (does === 'drop') delete at[name];
  else if (does === 'move') at[name] = at.a ?? null;
  else if (does === 'rewrite') at[name] = { was: at.a ?? null, all: Object.values(at) };
  else if (does !== 'nothing') at[name] = fresh;
}

function applyToArray(at: unknown[], does: Edit['does'], where: number, fresh: unknown): void {
  if (does === 'put' && where <= at.length) at[where] = fresh;
  else if (does === 'drop') at.splice(where, 1);
  else if (does === 'empty') at.length = 0;
  else if (does === 'grow') at.push(fresh);
  else if (does === 'shift') at.unshift(fresh, ...at.splice(0, 1));
  else if (does === 'reverse') at.reverse();
  else if (does === 'move' && at.length > 0) at.push(at[0]);
}

/** Whether nothing in a value is a draft, and nothing can be changed. */
function isSettled(part: unknown): boolean {
  if (!isNested(part)) return true;
  if (types.isProxy(part) || isDraft(part) || !Object.isFrozen(part)) return false;
  return [...partsOf(part), ...(part instanceof Map ? part.keys() : [])].every(isSettled);
}

test('edits give what they give under immer, and leave what they were given as it was', () => {
  let changed = 0;
  fc.assert(
    fc.property(base, fc.array(edit, { maxLength: 6 }), (given, edits) => {
      const before = canonical(given);
      const halfway: string[] = [];
      const theirs = produce(structuredClone(given) as Nested, (draft) => {
        for (const made of edits) {
          apply(draft as Nested, made);
          halfway.push(canonical(immerCurrent(draft)));
        }
      });
      const ours = edited(given as Nested, (draft) => {
        for (const [index, made] of edits.entries()) {
          apply(draft as Nested, made);
          expect(canonical(current(draft))).toBe(halfway[index]);
        }
      });
      expect(canonical(ours)).toBe(canonical(theirs));
      expect(canonical(given)).toBe(before);
      expect(isSettled(ours)).toBe(true);
      if (canonical(ours) !== before) changed += 1;
    }),
    { numRuns: 3000 },
  );
  expect(changed).toBeGreaterThan(1000);
});

describe('a draft', () => {
  const state = () => freeze({ a: { n: 1 }, list: [{ k: 0 }, { k: 1 }], seen: new Set(['x']), table: new Map() }, true);

  test('shares what was not edited', () => {
    const before = state();
    const after = edited(before, (draft) => {
      const [, second] = draft.list;
      if (second !== undefined) second.k = 7;
    });
    expect(after.list).toEqual([{ k: 0 }, { k: 7 }]);
    expect(after.list[0]).toBe(before.list[0]);
    for (const part of ['a', 'seen', 'table'] as const) expect(after[part]).toBe(before[part]);
  });

  test('of an edit that changes nothing is the very value', () => {
    const before = state();
    const after = edited(before, (draft) => {
      const { a } = draft;
      a.n = 1;
      draft.a = a;
      draft.seen.add('x');
      draft.table.delete('none');
      draft.list.splice(0, 0);
    });
    expect(after).toBe(before);
  });

  test('can be given back what it was', () => {
    const before = state();
    const after = edited(before, (draft) => {
      draft.a.n = 2;
      draft.a = before.a;
      draft.list.reverse();
      draft.list = [...before.list];
    });
    expect(after).toEqual(before);
  });

  test('of a part that stands in two places is one for each', () => {
    const shared = { n: 1 };
    const after = edited({ one: shared, other: shared }, (draft) => {
      expect(draft.one).not.toBe(draft.other);
      draft.one.n = 2;
    });
    expect(after).toEqual({ one: { n: 2 }, other: { n: 1 } });
  });

  test('knows what it was', () => {
    const before = state();
    edited(before, (draft) => {
      draft.a.n = 2;
      expect(original(draft.a)).toBe(before.a);
      expect(current(draft.a)).toEqual({ n: 2 });
    });
  });

  test('has keys that other objects inherit', () => {
    const after = edited<Record<string, unknown>>({}, (draft) => {
      Reflect.set(draft, '__proto__', { n: 1 });
      expect(Object.keys(draft)).toEqual(['__proto__']);
    });
    expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
    expect(Object.entries(after)).toEqual([['__proto__', { n: 1 }]]);
  });
});

test('what is frozen refuses to be changed, Sets and Maps too', () => {
  const { seen, table } = freeze({ seen: new Set([1]), table: new Map([[1, { n: 1 }]]) }, true);
  expect(() => seen.add(2)).toThrow('frozen');
  expect(() => table.clear()).toThrow('frozen');
  expect(Object.isFrozen(table.get(1))).toBe(true);
});
