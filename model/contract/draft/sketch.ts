/** What is behind a draft: the value that it is of, and what has become of that. */

import { freeze, isRecord } from './freeze.ts';

/** Makes what is behind the draft of a part. */
export type SketchOf = (value: object, parent: Sketch) => Sketch;

/** The key under which a draft has what is behind it. */
export const BEHIND = Symbol('behind');

/** What is behind a draft; undefined for what is no draft. */
export function behind(value: unknown): Sketch | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { readonly [BEHIND]?: Sketch })[BEHIND];
}

export abstract class Sketch {
  abstract readonly base: object;
  abstract readonly draft: object;
  /** Whether it, or anything in it, was edited. */
  #isChanged = false;
  #finished: object | null = null;

  constructor(
    private readonly parent: Sketch | null,
    private readonly sketchOf: SketchOf,
  ) {}

  /** What it is by now, without drafts in it: a copy, if anything was edited, for edits may follow. */
  now(): object {
    return this.#isChanged ? this.copied() : this.base;
  }

  /** What it is in the end, frozen. */
  finish(): object {
    if (!this.#isChanged) return this.base;
    this.#finished ??= this.finished();
    return this.#finished;
  }

  protected abstract copied(): object;

  protected abstract finished(): object;

  /** Something was edited. */
  protected change(): void {
    for (let at: Sketch | null = this; at !== null && !at.#isChanged; at = at.parent) at.#isChanged = true;
  }

  protected part(value: object): Sketch {
    return this.sketchOf(value, this);
  }
}

/** Whether a part of a value is given out as a draft. */
export function isDraftable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || isRecord(value) || value instanceof Set || value instanceof Map;
}

/** What a part is by now: of a draft what it stands for, of what the handler has made a copy without drafts in it. */
export function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const sketch = behind(value);
  if (sketch !== undefined) return sketch.now();
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Set) return new Set([...value].map(copied));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [copied(key), copied(item)]));
  return isRecord(value) ? replaced({ ...value }, copied) : value;
}

/** What a part is in the end: of a draft what it stands for; what the handler has made is frozen where it stands. */
export function finished(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const sketch = behind(value);
  if (sketch !== undefined) return sketch.finish();
  if (Object.isFrozen(value)) return value;
  if (value instanceof Set) return finishedSet(value);
  if (value instanceof Map) return finishedMap(value);
  if (!Array.isArray(value) && !isRecord(value)) return value;
  return Object.freeze(replaced(value as Record<string, unknown>, finished));
}

/** The same Set, unless a member that is an object must be replaced. */
export function finishedSet(set: Set<unknown>): Set<unknown> {
  for (const member of set) if (isUnfinished(member)) return freeze(new Set([...set].map(finished)));
  return freeze(set);
}

/** The same Map, unless a key that is an object must be replaced. */
export function finishedMap(map: Map<unknown, unknown>): Map<unknown, unknown> {
  for (const [key, item] of map) {
    if (isUnfinished(key)) return freeze(new Map([...map].map(([key, item]) => [finished(key), finished(item)])));
    if (isUnfinished(item)) map.set(key, finished(item));
  }
  return freeze(map);
}

function isUnfinished(part: unknown): boolean {
  return typeof part === 'object' && part !== null && !Object.isFrozen(part);
}

/** An object or array with each part replaced. */
export function replaced(value: Record<string, unknown>, by: (part: unknown) => unknown): Record<string, unknown> {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const part: unknown = value[index];
      if (typeof part === 'object' && part !== null) value[index] = by(part);
    }
    return value;
  }
  for (const key of Object.keys(value)) {
    const part = value[key];
    if (typeof part === 'object' && part !== null) value[key] = by(part);
  }
  return value;
}
