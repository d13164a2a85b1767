/** Sets that know their members by content, as those of mathematics do: what actions of a bare transition system get. */

import { canonical, fromCanonical, inCanonicalOrder } from './data.ts';

/**
 * A Set of plain data. What equals a member is that member: `messages.has({ type: 'Commit' })`. A member is a frozen copy
 * of what was added.
 */
export class ContentSet<T> extends Set<T> {
  /** By canonical text. */
  readonly #members = new Map<string, T>();

  constructor(members: Iterable<T> = []) {
    super();
    for (const member of members) this.add(member);
  }

  override has(value: T): boolean {
    const text = textOf(value);
    return text !== null && this.#members.has(text);
  }

  override add(value: T): this {
    const text = canonical(value);
    if (this.#members.has(text)) return this;
    this.#take(text, fromCanonical(text) as T);
    return this;
  }

  override delete(value: T): boolean {
    const text = textOf(value);
    if (text === null || !this.#members.has(text)) return false;
    super.delete(this.#members.get(text) as T);
    return this.#members.delete(text);
  }

  override clear(): void {
    this.#members.clear();
    super.clear();
  }

  /** A set with the same members, in canonical order. */
  copy(): ContentSet<T> {
    const copy = new ContentSet<T>();
    for (const text of [...this.#members.keys()].sort()) copy.#take(text, this.#members.get(text) as T);
    return copy;
  }

  #take(text: string, member: T): void {
    this.#members.set(text, member);
    super.add(member);
  }
}

/** What is not plain data is a member of no set. */
function textOf(value: unknown): string | null {
  try {
    return canonical(value);
  } catch {
    return null;
  }
}

/**
 * A copy of plain data to be changed at will: keys, members and entries in canonical order, so that what is done with it
 * cannot depend on the order in which they once came; nothing in it is in two places.
 */
export function mutableCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(mutableCopy);
  if (value instanceof ContentSet) return value.copy();
  if (value instanceof Set) {
    return new ContentSet(inCanonicalOrder(value));
  }
  if (value instanceof Map) {
    return new Map(
      inCanonicalOrder(value.keys()).map((key) => [fromCanonical(canonical(key)), mutableCopy(value.get(key))]),
    );
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // What is not plain data is left as it is, for the error that it deserves.
  if (prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, mutableCopy(item)]));
}
