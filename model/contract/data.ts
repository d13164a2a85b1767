/**
 * Plain data: what states, messages and histories are made of.
 *
 * Objects, arrays, `Set`, `Map`, strings, finite numbers, booleans and null; nothing else. Because every value is of this
 * kind, equality, identity of states, traces and the wire need no code of a protocol's own.
 *
 * A `Map` may have any text as a key. An object may not have the key `__proto__`, which to JavaScript names its prototype: an
 * assignment to it adds no key, and decoders refuse it. So what users name (keys of a store, clients) are keys of Maps.
 */

import { CanonicalParser } from './canonical-parser.ts';
import { current, freeze, isDraft } from './draft.ts';

/** A value that may be part of a state or a message. */
export type Data =
  | null
  | boolean
  | number
  | string
  | readonly Data[]
  | ReadonlySet<Data>
  | ReadonlyMap<Data, Data>
  | { readonly [key: string]: Data };

/** A value that is not plain data; `path` says where in the encoded value it stands. */
export class NotPlainData extends Error {
  constructor(
    readonly path: string,
    readonly found: string,
  ) {
    super(
      `${path === '' ? 'the value' : path} is ${found}; only plain data may be here (objects, arrays, Set, Map, strings, finite numbers, booleans, null)`,
    );
  }
}

/**
 * The canonical text of a plain value: two values have the same text exactly when they are equal, whatever the order in
 * which their keys, members or entries were inserted.
 *
 * @throws NotPlainData for anything else: undefined, NaN, functions, dates, instances of classes, cycles; and for Sets and
 *   Maps in which equal objects are members or keys of their own.
 */
export function canonical(value: unknown): string {
  return encode(value, []);
}

/**
 * The inverse of {@link canonical}: the value that a canonical text stands for, deeply frozen, its keys, members and
 * entries in canonical order.
 */
export function fromCanonical(text: string): unknown {
  // Without Sets and Maps it is JSON, which is read several times as fast.
  if (!text.includes('#')) return freeze(JSON.parse(text), true);
  const parser = new CanonicalParser(text);
  const value = parser.value();
  if (!parser.atEnd) throw new SyntaxError(`not a canonical text: ${text.slice(0, 60)}`);
  return value;
}

/**
 * Makes sure that a value is plain data, without the cost of its text.
 *
 * @throws NotPlainData as {@link canonical} does.
 */
export function requirePlain(value: unknown): void {
  if (!isPlain(value, 0)) canonical(value);
}

/** May be wrong in saying no; then {@link canonical} decides, and says where. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== 'object') {
    return (
      typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
    );
  }
  if (value === null) return true;
  if (depth > DEEPEST) return false;
  if (Array.isArray(value)) {
    // By index: a hole is undefined, which is not plain.
    for (let index = 0; index < value.length; index++) if (!isPlain(value[index], depth + 1)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype || Object.getOwnPropertySymbols(value).length > 0) return false;
  for (const key in value) {
    if (key === PROTOTYPE || !isPlain((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

/** Deep equality of plain data: whether both have the same canonical text, which is made of Sets alone, and of some Maps. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) if (!equal(a[index], b[index])) return false;
    return true;
  }
  if (a instanceof Map && b instanceof Map) return equalMaps(a, b);
  if (a instanceof Set || a instanceof Map || b instanceof Set || b instanceof Map || Array.isArray(b)) {
    return canonical(a) === canonical(b);
  }
  let keys = 0;
  for (const key in a) {
    keys += 1;
    if (!Object.hasOwn(b, key)) return false;
    if (!equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  for (const _ in b) keys -= 1;
  return keys === 0;
}

function equalMaps(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, item] of a) {
    // A key that is an object may have its equal among the other's keys, which is another object.
    if (typeof key === 'object' && key !== null) return canonical(a) === canonical(b);
    if (!b.has(key) || !equal(item, b.get(key))) return false;
  }
  return true;
}

type Path = (string | number)[];

/** The key that an object may not have. */
const PROTOTYPE = '__proto__';

/** Deeper than any honest state: the value refers to itself. */
const DEEPEST = 200;

function encode(value: unknown, path: Path): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new NotPlainData(pathText(path), String(value));
      return value === 0 ? '0' : String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : encodeObject(value, path);
    default:
      throw new NotPlainData(pathText(path), `of type ${typeof value}`);
  }
}

/** Keeps `path` at where the encoding stands; after a throw it still says where that was. */
function encodeAt(part: string | number, value: unknown, path: Path): string {
  path.push(part);
  const text = encode(value, path);
  path.pop();
  return text;
}

function encodeObject(value: object, path: Path): string {
  if (path.length > DEEPEST) throw new NotPlainData(pathText(path.slice(0, 8)), 'part of a cycle');
  if (Array.isArray(value)) {
    let text = '[';
    for (let index = 0; index < value.length; index++) {
      text += (index === 0 ? '' : ',') + encodeAt(index, value[index], path);
    }
    return `${text}]`;
  }
  if (value instanceof Set) {
    const members = [...value].map((member) => encodeAt('member', member, path)).sort();
    requireDistinct(members, SET_WITH, path);
    return `#[${members.join(',')}]`;
  }
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => {
      const name = encodeAt('key', key, path);
      return [name, encodeAt(typeof key === 'string' ? key : name, item, path)] as const;
    });
    requireDistinct(entries.map(([key]) => key).sort(), MAP_WITH, path);
    return `#{${entries.map((entry) => entry.join(':')).sort()}}`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotPlainData(pathText(path), instanceText(value));
  }
  if (Object.getOwnPropertySymbols(value).length > 0)
    throw new NotPlainData(pathText(path), 'an object with a symbol as key');
  if (Object.hasOwn(value, PROTOTYPE))
    throw new NotPlainData(
      pathText(path),
      `an object with the key ${PROTOTYPE}, which a Map may have and an object may not`,
    );
  let text = '{';
  for (const key of sorted(Object.keys(value))) {
    const item: unknown = (value as Record<string, unknown>)[key];
    text += `${(text === '{' ? '' : ',') + JSON.stringify(key)}:${encodeAt(key, item, path)}`;
  }
  return `${text}}`;
}

/** Most objects have their keys in order: they have been read from a canonical text, or are made from one that was. */
function sorted(keys: string[]): readonly string[] {
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort();
  }
  return keys;
}

const SET_WITH = 'a Set with two members that are equal (which JavaScript tells apart; withMember does not)';
const MAP_WITH = 'a Map with two keys that are equal (which JavaScript tells apart)';

/** @param texts of members or keys, sorted */
function requireDistinct(texts: readonly string[], what: string, path: Path): void {
  for (let index = 1; index < texts.length; index++) {
    if (texts[index] === texts[index - 1]) throw new NotPlainData(pathText(path), `${what}: ${texts[index]}`);
  }
}

function instanceText(value: object): string {
  if (value.constructor === Object)
    return `an object of which the prototype was replaced, as by an assignment to ${PROTOTYPE}`;
  return `an instance of ${value.constructor?.name ?? 'a class'}`;
}

function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

/**
 * What `value` is now, frozen, with drafts replaced by the values that they stand for: what a handler sends must not change
 * when the handler goes on. A copy of all but what is frozen already, which is taken to be so from end to end.
 */
export function snapshot(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isDraft(value)) return freeze(current(value), true);
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(snapshot));
  if (value instanceof Set) return freeze(new Set([...value].map(snapshot)));
  if (value instanceof Map) return freeze(new Map([...value].map(([key, item]) => [snapshot(key), snapshot(item)])));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const key in copy) {
    const item = copy[key];
    if (typeof item === 'object' && item !== null) copy[key] = snapshot(item);
  }
  return Object.freeze(copy);
}

/**
 * Plain data as JSON: a Set becomes `{"$set": [...]}`, a Map `{"$map": [[key, value], ...]}`, in canonical order; and an
 * object that could be taken for one of these, `{"$object": [[key, value], ...]}`. What has none of them is JSON already, and
 * is not copied.
 */
export function toJson(value: unknown): unknown {
  return someObject(value, isMarked) ? encodedJson(value) : value;
}

/** Whether JSON needs a mark to tell what it is. */
function isMarked(object: object): boolean {
  return object instanceof Set || object instanceof Map || hasMark(object);
}

/** Whether an object has a key that is the mark of something else. */
function hasMark(object: object): boolean {
  return '$set' in object || '$map' in object || '$object' in object;
}

/** The text of a value's JSON: that of {@link toJson}, without going through what is JSON already. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  // As it stands, a Set or a Map would be an empty object.
  return mayHaveMarks(text) || text.includes('{}') ? JSON.stringify(toJson(value)) : text;
}

/** The value of a JSON text: {@link fromJson} of what was parsed, without going through what has no marks. */
export function fromJsonText(text: string, parsed: unknown): unknown {
  return mayHaveMarks(text) ? fromJson(parsed) : parsed;
}

/** A mark begins with a dollar sign, which is looked for alone first: a search for both stops at every quotation mark. */
function mayHaveMarks(text: string): boolean {
  return text.includes('$') && text.includes('"$');
}

function encodedJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(encodedJson);
  if (value instanceof Set) return { $set: inCanonicalOrder(value).map(encodedJson) };
  if (value instanceof Map) {
    return { $map: inCanonicalOrder(value.entries()).map(([key, item]) => [encodedJson(key), encodedJson(item)]) };
  }
  const entries = Object.entries(value).map(([key, item]) => [key, encodedJson(item)] as const);
  return hasMark(value) ? { $object: inCanonicalOrder(entries) } : Object.fromEntries(entries);
}

/** The inverse of {@link toJson}. */
export function fromJson(json: unknown): unknown {
  return someObject(json, hasMark) ? decodedJson(json) : json;
}

function decodedJson(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(decodedJson);
  if ('$set' in json && Array.isArray(json.$set)) return new Set(json.$set.map(decodedJson));
  if ('$map' in json && Array.isArray(json.$map)) return new Map(json.$map.map(decodedEntry));
  if ('$object' in json && Array.isArray(json.$object)) return Object.fromEntries(json.$object.map(decodedEntry));
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, decodedJson(item)]));
}

function decodedEntry(entry: unknown): [key: unknown, item: unknown] {
  return Array.isArray(entry) ? [decodedJson(entry[0]), decodedJson(entry[1])] : [null, null];
}

/** Whether something holds of an object in the value, the value itself included; nothing inside of it is looked at then. */
function someObject(value: unknown, holds: (object: object) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (someObject(item, holds)) return true;
    return false;
  }
  if (holds(value)) return true;
  for (const key in value) if (someObject((value as Record<string, unknown>)[key], holds)) return true;
  return false;
}

/** The set with one more member, unless it has an equal one. */
export function withMember<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  return [...set].some((other) => equal(other, member)) ? set : new Set([...set, member]);
}

/** The items in the order of their canonical texts: the order in which anything unordered is listed. */
export function inCanonicalOrder<T>(items: Iterable<T>): T[] {
  return [...items]
    .map((item) => ({ item, text: canonical(item) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ item }) => item);
}
