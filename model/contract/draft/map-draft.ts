/** Drafts of Maps. Keys are given out as they are: what is equal to a key must stay so. */

import { BEHIND, behind, copied, finishedMap, isDraftable, Sketch, type SketchOf } from './sketch.ts';

type Items = Map<unknown, unknown>;

export class MapSketch extends Sketch {
  readonly draft: Items;
  /** Once it was edited, or a draft of an item given out: those stand in it. */
  #copy: Items | null = null;

  constructor(
    readonly base: Items,
    parent: Sketch | null,
    sketchOf: SketchOf,
  ) {
    super(parent, sketchOf);
    this.draft = new MapDraft(this);
  }

  get latest(): Items {
    return this.#copy ?? this.base;
  }

  item(key: unknown): unknown {
    const value = this.latest.get(key);
    if (!isDraftable(value) || behind(value) !== undefined) return value;
    if (this.#copy !== null && !Object.isFrozen(value)) return value;
    const { draft } = this.part(value);
    this.#editable().set(key, draft);
    return draft;
  }

  put(key: unknown, value: unknown): void {
    if (Object.is(this.latest.get(key), value) && (value !== undefined || this.latest.has(key))) return;
    this.change();
    this.#editable().set(key, value);
  }

  remove(key: unknown): boolean {
    if (!this.latest.has(key)) return false;
    this.change();
    return this.#editable().delete(key);
  }

  removeAll(): void {
    if (this.latest.size === 0) return;
    this.change();
    this.#copy = new Map();
  }

  #editable(): Items {
    this.#copy ??= new Map(this.base);
    return this.#copy;
  }

  protected copied(): object {
    return new Map([...this.latest].map(([key, item]) => [copied(key), copied(item)]));
  }

  protected finished(): object {
    return finishedMap(this.#editable());
  }
}

class MapDraft extends Map<unknown, unknown> {
  readonly [BEHIND]: MapSketch;

  constructor(sketch: MapSketch) {
    super();
    this[BEHIND] = sketch;
  }

  override get size(): number {
    return this[BEHIND].latest.size;
  }

  override has(key: unknown): boolean {
    return this[BEHIND].latest.has(key);
  }

  override get(key: unknown): unknown {
    return this[BEHIND].item(key);
  }

  override set(key: unknown, value: unknown): this {
    this[BEHIND].put(key, value);
    return this;
  }

  override delete(key: unknown): boolean {
    return this[BEHIND].remove(key);
  }

  override clear(): void {
    this[BEHIND].removeAll();
  }

  override forEach(callback: (value: unknown, key: unknown, map: Items) => void, thisArg?: unknown): void {
    for (const [key, value] of this.entries()) callback.call(thisArg, value, key, this);
  }

  override keys(): MapIterator<unknown> {
    return this[BEHIND].latest.keys();
  }

  override *values(): MapIterator<unknown> {
    for (const key of this.keys()) yield this.get(key);
  }

  override *entries(): MapIterator<[unknown, unknown]> {
    for (const key of this.keys()) yield [key, this.get(key)];
  }

  override [Symbol.iterator](): MapIterator<[unknown, unknown]> {
    return this.entries();
  }
}
