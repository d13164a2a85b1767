/**
 * Drafts: how handlers edit states that never change. A draft looks like the value that it is of, and can be edited; what
 * comes of it is a new value, frozen, that shares with the old one all that was not edited.
 *
 * A draft of an object or array is a proxy, one of a Set or Map a subclass. What a draft gives out is a draft in turn, made
 * when it is first asked for, and nothing is copied before it is edited: so reading, which is most of what handlers do, is
 * cheap. Of two places that share an object each has a draft of its own, so that no handler can tell a state from an equal one.
 */

import { freeze } from './draft/freeze.ts';
import { MapSketch } from './draft/map-draft.ts';
import { RecordSketch } from './draft/record-draft.ts';
import { SetSketch } from './draft/set-draft.ts';
import { behind, type Sketch } from './draft/sketch.ts';

export { freeze };

/** A type with everything in it editable. */
export type Draft<T> =
  T extends ReadonlyMap<infer Key, infer Item>
    ? Map<Key, Draft<Item>>
    : T extends ReadonlySet<infer Member>
      ? Set<Draft<Member>>
      : T extends (...given: never[]) => unknown
        ? T
        : T extends object
          ? { -readonly [Field in keyof T]: Draft<T[Field]> }
          : T;

/** The value after an edit, frozen; the very same value if the edit changed nothing. The given one is frozen too. */
export function edited<Value extends object>(value: Value, edit: (draft: Draft<Value>) => void): Value {
  const root = sketchOf(freeze(value, true), null);
  edit(root.draft as Draft<Value>);
  return root.finish() as Value;
}

export function isDraft(value: unknown): boolean {
  return behind(value) !== undefined;
}

/** The value that a draft is of, as it was before any edit; undefined for what is no draft. */
export function original<T>(draft: T): T | undefined {
  return behind(draft)?.base as T | undefined;
}

/** The value that a draft stands for by now; what is no draft is that already. */
export function current<T>(draft: T): T {
  return (behind(draft)?.now() ?? draft) as T;
}

function sketchOf(value: object, parent: Sketch | null): Sketch {
  if (value instanceof Map) return new MapSketch(value, parent, sketchOf);
  if (value instanceof Set) return new SetSketch(value, parent, sketchOf);
  return new RecordSketch(value as Record<string, unknown>, parent, sketchOf);
}
