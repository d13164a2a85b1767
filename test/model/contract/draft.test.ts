import { expect, test } from 'vitest';
import { current, edited, freeze, original } from '../../../model/contract/draft.ts';

const state = () => freeze({ a: { n: 1 }, list: [{ k: 0 }, { k: 1 }], seen: new Set(['x']), table: new Map() }, true);

test('an edit shares what it left as it was', () => {
  const before = state();
  const after = edited(before, (draft) => {
    const [, second] = draft.list;
    if (second !== undefined) second.k = 7;
  });
  expect(after.list).toEqual([{ k: 0 }, { k: 7 }]);
  expect(after.list[0]).toBe(before.list[0]);
  for (const part of ['a', 'seen', 'table'] as const) expect(after[part]).toBe(before[part]);
});

test('an edit that changes nothing gives the very value', () => {
  const before = state();
  const after = edited(before, (draft) => {
    draft.a.n = 1;
    draft.seen.add('x');
    draft.table.delete('none');
  });
  expect(after).toBe(before);
});

test('a draft knows what it was and what it stands for; what is no draft stands for itself', () => {
  const before = state();
  edited(before, (draft) => {
    draft.a.n = 2;
    expect(original(draft.a)).toBe(before.a);
    expect(current(draft.a)).toEqual({ n: 2 });
    expect(current(before.list)).toBe(before.list);
    expect(current(3)).toBe(3);
  });
});
