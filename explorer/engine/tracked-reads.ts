/**
 * What a handler reads of its process's state: all that the state has to do with what the handler does.
 *
 * A step is given a *view* of the state: the same plain data, with each read of it recorded. The view lies beneath
 * immer's draft, so that a handler cannot tell it from the state. Immer reads ahead of the handler (an object with all its
 * fields, though nothing of what is nested in them, before it gives out a nested object): what is recorded may be more
 * than the handler read, never less.
 *
 * An object or array of a view is a proxy of a *shell*: a frozen copy one level deep, in which views stand for what is
 * nested. (A proxy of the state itself, which is frozen, could give nothing but what is there.) A Set or Map is given
 * out as it is, and counts as read from end to end.
 */

import { freeze } from '../../model/contract/draft.ts';
import type { Protocol } from '../../model/contract/protocol.ts';

/** A question to a state: what is at a path, or which keys has the object there. */
export interface Question {
  readonly path: readonly string[];
  readonly asks: 'value' | 'keys';
}

/** A question, and what was found. */
export interface Read extends Question {
  readonly found: string;
}

/** Whether the reads of a state can be recorded: of one that is an array, a Set or a Map as a whole they cannot. */
export function isTrackable(state: object): boolean {
  return Object.getPrototypeOf(state) === Object.prototype;
}

/** What a state answers to a question. */
export function answer(state: object, { path, asks }: Question): string {
  let at: unknown = state;
  for (const key of path) {
    if (!isNested(at) || !Object.hasOwn(at, key)) return ABSENT;
    at = at[key];
  }
  return asks === 'value' ? shapeOf(at) : keysOf(at);
}

/** What was read, as it came: parts of the state, and the key that was read of each, or null for all keys. */
interface Recording {
  isOn: boolean;
  readonly parts: Part[];
  readonly keys: (string | null)[];
}

export class TrackedReads {
  readonly #recording: Recording = { isOn: false, parts: [], keys: [] };
  /** The latest state and its view: where there is one message for a process, there are more. */
  #state: object | null = null;
  #view: object = {};

  /** A view of a state, nothing of which has been read yet. */
  view(state: object): object {
    this.#recording.parts.length = 0;
    this.#recording.keys.length = 0;
    if (state !== this.#state) {
      this.#state = state;
      this.#view = new Part(state as Nested, [], this.#recording).view;
    }
    return this.#view;
  }

  /** What was read since {@link view}, in order, each once. */
  reads(): Read[] {
    const { parts, keys } = this.#recording;
    const reads = new Map<string, Read>();
    for (const [index, { is, path }] of parts.entries()) {
      const key = keys[index] ?? null;
      const read: Read =
        key === null
          ? { path, asks: 'keys', found: keysOf(is) }
          : { path: [...path, key], asks: 'value', found: shapeAt(is, key) };
      const question = JSON.stringify([read.asks, read.path]);
      if (!reads.has(question)) reads.set(question, read);
    }
    return [...reads.values()];
  }

  /**
   * The protocol, with reads recorded while its handler of a message or a request runs, and only then: once that has
   * returned, immer looks all over the state, to freeze it.
   */
  recorded(protocol: Protocol): Protocol {
    const { receive, request } = protocol.handlers;
    const handlers = { ...protocol.handlers, receive: this.#recorded(receive), request: this.#recorded(request) };
    return { ...protocol, handlers };
  }

  #recorded<Handlers extends object>(handlers: Handlers): Handlers {
    // Not a copy: a handler may be inherited, and one that was not found would seem to ignore everything.
    return new Proxy({} as Handlers, {
      get: (_, type) => {
        const handler: unknown = Reflect.get(handlers, type);
        if (typeof handler !== 'function') return handler;
        return (...given: unknown[]): unknown => {
          this.#recording.isOn = true;
          try {
            return Reflect.apply(handler, handlers, given);
          } finally {
            this.#recording.isOn = false;
          }
        };
      },
    });
  }
}

/** What came out of a step of a view, with the parts of the state where parts of the view are. What is new is frozen. */
export function withoutViews<T>(value: T): T {
  return replaced(value) as T;
}

/** The key under which a view has the part of the state that it is a view of. */
const VIEWED = Symbol('viewed');

/** An object or array of a state, and its view: the traps of a proxy, for each kind of read that there is. */
class Part implements ProxyHandler<object> {
  readonly view: object;
  readonly is: Nested;
  readonly path: readonly string[];
  readonly #recording: Recording;

  constructor(is: Nested, path: readonly string[], recording: Recording) {
    this.is = is;
    this.path = path;
    this.#recording = recording;
    const shell = copyOf(is);
    for (const key of Object.keys(is)) {
      const item = is[key];
      if (isNested(item)) shell[key] = new Part(item, [...path, key], recording).view;
    }
    Object.freeze(shell);
    this.view = new Proxy<object>(shell, this);
  }

  get(shell: object, key: string | symbol): unknown {
    if (key === VIEWED) return this.is;
    this.#record(key);
    return Reflect.get(shell, key);
  }

  has(shell: object, key: string | symbol): boolean {
    this.#record(key);
    return Reflect.has(shell, key);
  }

  getOwnPropertyDescriptor(shell: object, key: string | symbol): PropertyDescriptor | undefined {
    this.#record(key);
    return Reflect.getOwnPropertyDescriptor(shell, key);
  }

  ownKeys(shell: object): (string | symbol)[] {
    this.#record(null);
    return Reflect.ownKeys(shell);
  }

  /** Whether a key is there counts as what is there. Plain data has no symbols as keys: who reads those is immer. */
  #record(key: string | symbol | null): void {
    const { isOn, parts, keys } = this.#recording;
    if (!isOn || typeof key === 'symbol') return;
    const last = parts.length - 1;
    if (last >= 0 && keys[last] === key && parts[last] === this) return;
    parts.push(this);
    keys.push(key);
  }
}

/** An object or array that is neither Set nor Map. */
type Nested = Record<string, unknown>;

function isNested(value: unknown): value is Nested {
  return typeof value === 'object' && value !== null && !(value instanceof Set) && !(value instanceof Map);
}

/** A copy one level deep. It has each key as its own, so that assigning to it is harmless even if it is `__proto__`. */
function copyOf(value: Nested): Nested {
  if (Array.isArray(value)) return value.slice() as unknown as Nested;
  return Object.getPrototypeOf(value) === null ? Object.assign(Object.create(null), value) : { ...value };
}

/** What is found where there is nothing: no shape of anything. */
const ABSENT = '';

/** What is told by reading an object: its keys, in their order. */
function keysOf(value: unknown): string {
  return isNested(value) ? JSON.stringify(Object.keys(value)) : ABSENT;
}

/** What is told by reading a value: of an object or array only that it is one, for what is in it is asked of its view. */
function shapeOf(value: unknown): string {
  if (!isNested(value)) return verbatim(value);
  if (Array.isArray(value)) return '[';
  return Object.getPrototypeOf(value) === null ? 'null{' : '{';
}

function shapeAt(value: Nested, key: string): string {
  return Object.hasOwn(value, key) ? shapeOf(value[key]) : ABSENT;
}

/** A value as text, in the order in which a handler would come upon its members and keys; so not the canonical text. */
function verbatim(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(verbatim).join()}]`;
  if (value instanceof Set) return `#[${[...value].map(verbatim).join()}]`;
  if (value instanceof Map) return `#{${[...value].map(([key, item]) => `${verbatim(key)}:${verbatim(item)}`).join()}}`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${verbatim(item)}`)
    .join()}}`;
}

/** The value itself if it contains no views. */
function replaced(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const part: unknown = Reflect.get(value, VIEWED);
  if (part !== undefined) return part;
  if (value instanceof Set) {
    const members = [...value];
    const next = members.map((member) => replaced(member));
    return next.every((member, index) => member === members[index]) ? value : freeze(new Set(next));
  }
  if (value instanceof Map) {
    const entries = [...value];
    const next = entries.map(([key, item]) => [replaced(key), replaced(item)] as const);
    const isSame = next.every(([key, item], index) => key === entries[index]?.[0] && item === entries[index]?.[1]);
    return isSame ? value : freeze(new Map(next));
  }
  return isPlain(value) ? replacedIn(value) : value;
}

function replacedIn(value: Nested): Nested {
  let copy: Nested | null = null;
  for (const key of Object.keys(value)) {
    const item = value[key];
    const next = replaced(item);
    if (next === item) continue;
    copy ??= copyOf(value);
    copy[key] = next;
  }
  return copy === null ? value : Object.freeze(copy);
}

/** What is not plain data is left as it is, for the error that it deserves. */
function isPlain(value: object): value is Nested {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.getOwnPropertySymbols(value).length === 0;
}
