/**
 * Drafts: how handlers edit states that never change. They are immer's. A draft looks like the value that it is of, and can
 * be edited; what comes of it is a new value, frozen, that shares with the old one all that was not edited.
 */

import { type Draft, enableMapSet, current as immerCurrent, isDraft, produce } from 'immer';

export { type Draft, freeze, isDraft, original } from 'immer';

enableMapSet();

/** The value after an edit, frozen; the very same value if the edit changed nothing. */
export function edited<Value extends object>(value: Value, edit: (draft: Draft<Value>) => void): Value {
  return produce(value, (draft) => {
    edit(draft);
  });
}

/**
 * A field of a draft, as it is by now, and not to be edited: for what handlers read, and put anew instead of editing it. To read
 * it as `draft[field]` would make a draft of it, for nothing.
 */
export function undrafted<Value extends object, Field extends keyof Value>(draft: Value, field: Field): Value[Field] {
  return current(Object.getOwnPropertyDescriptor(draft, field)?.value as Value[Field]);
}

/** The value that a draft stands for by now; what is no draft is that already. */
export function current<T>(draft: T): T {
  return isDraft(draft) ? (immerCurrent(draft as Draft<T>) as T) : draft;
}
