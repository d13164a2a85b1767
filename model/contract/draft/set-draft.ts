/** Drafts of Sets. Members that are objects are given out as drafts, and are known by identity, as in any Set. */

import { BEHIND, copied, finishedSet, isDraftable, Sketch, type SketchOf } from './sketch.ts';

type Members = Set<unknown>;

export class SetSketch extends Sketch {
  readonly draft: Members;
  /** Once it was edited, or a draft of a member given out: those stand in it. */
  #copy: Members | null = null;
  /** By member, the draft that stands for it in the copy. */
  readonly #drafts = new Map<unknown, object>();

  constructor(
    readonly base: Members,
    parent: Sketch | null,
    sketchOf: SketchOf,
  ) {
    super(parent, sketchOf);
    this.draft = new SetDraft(this);
  }

  get size(): number {
    return (this.#copy ?? this.base).size;
  }

  has(member: unknown): boolean {
    if (this.#copy === null) return this.base.has(member);
    return this.#copy.has(member) || this.#copy.has(this.#drafts.get(member) ?? member);
  }

  put(member: unknown): void {
    if (this.has(member)) return;
    this.change();
    this.#editable().add(member);
  }

  remove(member: unknown): boolean {
    if (!this.has(member)) return false;
    this.change();
    const copy = this.#editable();
    return copy.delete(member) || copy.delete(this.#drafts.get(member));
  }

  removeAll(): void {
    if (this.size === 0) return;
    this.change();
    this.#copy = new Set();
  }

  /** The members, each object as a draft. */
  members(): Members {
    if (this.#copy !== null) return this.#copy;
    for (const member of this.base) if (isDraftable(member)) return this.#editable();
    return this.base;
  }

  #editable(): Members {
    if (this.#copy !== null) return this.#copy;
    this.#copy = new Set();
    for (const member of this.base) {
      if (!isDraftable(member)) {
        this.#copy.add(member);
        continue;
      }
      const { draft } = this.part(member);
      this.#drafts.set(member, draft);
      this.#copy.add(draft);
    }
    return this.#copy;
  }

  protected copied(): object {
    return new Set([...this.members()].map(copied));
  }

  protected finished(): object {
    return finishedSet(this.#editable());
  }
}

class SetDraft extends Set<unknown> {
  readonly [BEHIND]: SetSketch;

  constructor(sketch: SetSketch) {
    super();
    this[BEHIND] = sketch;
  }

  override get size(): number {
    return this[BEHIND].size;
  }

  override has(member: unknown): boolean {
    return this[BEHIND].has(member);
  }

  override add(member: unknown): this {
    this[BEHIND].put(member);
    return this;
  }

  override delete(member: unknown): boolean {
    return this[BEHIND].remove(member);
  }

  override clear(): void {
    this[BEHIND].removeAll();
  }

  override forEach(callback: (member: unknown, same: unknown, set: Members) => void, thisArg?: unknown): void {
    for (const member of this.values()) callback.call(thisArg, member, member, this);
  }

  override values(): SetIterator<unknown> {
    return this[BEHIND].members().values();
  }

  override keys(): SetIterator<unknown> {
    return this.values();
  }

  override entries(): SetIterator<[unknown, unknown]> {
    return this[BEHIND].members().entries();
  }

  override [Symbol.iterator](): SetIterator<unknown> {
    return this.values();
  }
}

/** Methods that newer engines have: they look into a Set where a draft has nothing, and so are given a Set of its members. */
const NEWER = [
  'union',
  'intersection',
  'difference',
  'symmetricDifference',
  'isSubsetOf',
  'isSupersetOf',
  'isDisjointFrom',
] as const;

for (const name of NEWER) {
  const method: unknown = Reflect.get(Set.prototype, name);
  if (typeof method !== 'function') continue;
  Object.defineProperty(SetDraft.prototype, name, {
    value(this: SetDraft, other: unknown): unknown {
      return Reflect.apply(method, new Set(this.values()), [other]);
    },
  });
}
