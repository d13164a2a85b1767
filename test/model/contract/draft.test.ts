import { expect, test } from 'vitest';
import { current, edited, freeze, isDraft, original, undrafted } from '../../../model/contract/draft.ts';

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

test('a field is read undrafted as it is by now: as it was, as it was put, as it was edited', () => {
  const before = state();
  const after = edited(before, (draft) => {
    expect(undrafted(draft, 'a')).toBe(before.a);
    expect(undrafted(draft, 'table')).toBe(before.table);
    draft.a = freeze({ n: 3 });
    expect(undrafted(draft, 'a')).toBe(draft.a);
    draft.list[0] = { k: 5 };
    expect(isDraft(draft.list)).toBe(true);
    const list = undrafted(draft, 'list');
    expect(isDraft(list)).toBe(false);
    expect(list).toEqual([{ k: 5 }, { k: 1 }]);
  });
  expect(after).toEqual({ ...state(), a: { n: 3 }, list: [{ k: 5 }, { k: 1 }] });
});
