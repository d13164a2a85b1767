/** Drafts of objects and arrays: proxies, of which this is the handler. */

import { BEHIND, behind, copied, finished, isDraftable, replaced, Sketch, type SketchOf } from './sketch.ts';

type Fields = Record<string | symbol, unknown>;

export class RecordSketch extends Sketch implements ProxyHandler<object> {
  readonly draft: object;
  /** Once it was edited; drafts of parts stand in it. */
  #copy: Fields | null = null;
  /** Until then, what is behind the drafts of parts. */
  #parts: Map<string | symbol, Sketch> | null = null;

  constructor(
    readonly base: Fields,
    parent: Sketch | null,
    sketchOf: SketchOf,
  ) {
    super(parent, sketchOf);
    // The target gives the proxy its prototype, and makes it an array or not; nothing else is asked of it.
    this.draft = new Proxy<object>(Array.isArray(base) ? [] : Object.create(Object.getPrototypeOf(base)), this);
  }

  get(_: object, key: string | symbol): unknown {
    if (key === BEHIND) return this;
    if (this.#copy !== null) return this.#edited(this.#copy, key);
    const value = this.base[key];
    if (typeof value !== 'object' || value === null) return value;
    const known = this.#parts?.get(key);
    if (known !== undefined) return known.draft;
    if (!Object.hasOwn(this.base, key) || !isDraftable(value)) return value;
    const part = this.part(value);
    this.#parts ??= new Map();
    this.#parts.set(key, part);
    return part.draft;
  }

  /** What the handler has put there is given out as it is, and what was always there as a draft. */
  #edited(copy: Fields, key: string | symbol): unknown {
    const value = copy[key];
    if (typeof value !== 'object' || value === null || behind(value) !== undefined) return value;
    if (!Object.hasOwn(copy, key) || !Object.isFrozen(value) || !isDraftable(value)) return value;
    const { draft } = this.part(value);
    copy[key] = draft;
    return draft;
  }

  set(_: object, key: string | symbol, value: unknown): boolean {
    const now = this.#copy ?? this.base;
    const part = this.#parts?.get(key);
    // A part of which a draft was given out may have been edited since: only that draft is what is there.
    const isThere = part === undefined ? Object.is(now[key], value) : part.draft === value;
    if (isThere && (value !== undefined || Object.hasOwn(now, key))) return true;
    this.change();
    const copy = this.#editable();
    if (key === '__proto__') define(copy, key, value);
    else copy[key] = value;
    return true;
  }

  deleteProperty(_: object, key: string | symbol): boolean {
    if (!Object.hasOwn(this.#copy ?? this.base, key)) return true;
    this.change();
    return Reflect.deleteProperty(this.#editable(), key);
  }

  has(_: object, key: string | symbol): boolean {
    return key in (this.#copy ?? this.base);
  }

  ownKeys(): (string | symbol)[] {
    return Reflect.ownKeys(this.#copy ?? this.base);
  }

  getOwnPropertyDescriptor(target: object, key: string | symbol): PropertyDescriptor | undefined {
    const found = Reflect.getOwnPropertyDescriptor(this.#copy ?? this.base, key);
    if (found === undefined) return undefined;
    // The length of an array is not configurable, and a proxy may not claim otherwise.
    const configurable = !(key === 'length' && Array.isArray(target));
    return { value: found.value, writable: true, enumerable: found.enumerable ?? false, configurable };
  }

  defineProperty(): never {
    throw new TypeError('properties of a draft cannot be defined, only assigned');
  }

  setPrototypeOf(): never {
    throw new TypeError('plain data has no prototype of its own');
  }

  #editable(): Fields {
    if (this.#copy === null) {
      this.#copy = copyOf(this.base);
      for (const [key, { draft }] of this.#parts ?? []) this.#copy[key] = draft;
      this.#parts = null;
    }
    return this.#copy;
  }

  protected copied(): object {
    return replaced(copyOf(this.#editable()), copied);
  }

  protected finished(): object {
    return Object.freeze(replaced(this.#editable(), finished));
  }
}

/** A copy one level deep. It has each key as its own, so that assigning to it is harmless even if it is `__proto__`. */
function copyOf(value: Fields): Fields {
  // V8 copies a frozen array when it is spread; `slice` would go over its elements one by one.
  if (Array.isArray(value)) return [...value] as unknown as Fields;
  return Object.getPrototypeOf(value) === null ? Object.assign(Object.create(null), value) : { ...value };
}

function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
