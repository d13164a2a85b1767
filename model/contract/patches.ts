/**
 * Patches: the difference between two plain values, as immer writes it. They are what a step adds to the durable state on
 * disk, and what a recording says that it added.
 *
 * They are computed from the two values, not taken from the handlers: a handler that builds an array anew (`[...log, entry]`)
 * would otherwise write all of it again. Unchanged parts are found by identity, for immer keeps them.
 */

import { applyPatches, enablePatches } from 'immer';
import { equal, fromJson, requirePlain } from './data.ts';

enablePatches();

/** One difference: at `path`, something was added, removed or replaced. In a Set, the last part of the path has no meaning. */
export interface Patch {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

type Path = readonly (string | number)[];

/**
 * The patches that make `after` of `before`; none when the two are equal.
 *
 * @throws NotPlainData when something in `after` that is not in `before` would not come back from JSON as it is.
 */
export function difference(before: unknown, after: unknown): Patch[] {
  const patches: Patch[] = [];
  compare(before, after, [], patches);
  for (const { op, value } of patches) if (op !== 'remove') requirePlain(value);
  return patches;
}

/** The value with the patches applied, in order. The given one is not changed. */
export function patched(value: unknown, patches: readonly Patch[]): unknown {
  if (patches.length === 0) return value;
  // A patch of the whole value; immer knows none of a value that is not an object.
  const last = patches.findLastIndex(({ path }) => path.length === 0);
  if (last !== -1) return patched(patches[last]?.value, patches.slice(last + 1));
  return applyPatches(value as object, patches as Parameters<typeof applyPatches>[1]);
}

/** Patches that were written as JSON, of JSON that has the shape of patches. */
export function patchesFromJson(json: readonly Patch[]): Patch[] {
  return json.map((patch) => (patch.value === undefined ? patch : { ...patch, value: fromJson(patch.value) }));
}

function compare(before: unknown, after: unknown, path: Path, patches: Patch[]): void {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) return compareArrays(before, after, path, patches);
  if (before instanceof Map && after instanceof Map) return compareMaps(before, after, path, patches);
  if (before instanceof Set && after instanceof Set) return compareSets(before, after, path, patches);
  if (isRecord(before) && isRecord(after)) {
    return compareRecords(before, after, path, patches);
  }
  patches.push({ op: 'replace', path, value: after });
}

function compareArrays(before: readonly unknown[], after: readonly unknown[], path: Path, patches: Patch[]): void {
  const common = Math.min(before.length, after.length);
  for (let index = 0; index < common; index++) {
    if (before[index] !== after[index]) compare(before[index], after[index], [...path, index], patches);
  }
  if (after.length < before.length) patches.push({ op: 'replace', path: [...path, 'length'], value: after.length });
  for (let index = common; index < after.length; index++) {
    patches.push({ op: 'add', path: [...path, index], value: after[index] });
  }
}

function compareMaps(before: Map<unknown, unknown>, after: Map<unknown, unknown>, path: Path, patches: Patch[]): void {
  if (![...before.keys(), ...after.keys()].every(isName)) return replaceUnlessEqual(before, after, path, patches);
  for (const key of before.keys()) {
    if (isName(key) && !after.has(key)) patches.push({ op: 'remove', path: [...path, key] });
  }
  for (const [key, value] of after) {
    if (!isName(key)) continue;
    if (!before.has(key)) patches.push({ op: 'add', path: [...path, key], value });
    else if (before.get(key) !== value) compare(before.get(key), value, [...path, key], patches);
  }
}

/** A path is made of these: a map with other keys is written whole. */
function isName(key: unknown): key is string | number {
  return typeof key === 'string' || typeof key === 'number';
}

/** Names that immer refuses in a path, lest a patch reach a prototype: a record with such a key is written whole. */
const RESERVED = ['prototype', 'constructor'];

function compareRecords(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  path: Path,
  patches: Patch[],
): void {
  if (Object.getPrototypeOf(after) !== Object.prototype) requirePlain(after);
  if (RESERVED.some((name) => Object.hasOwn(before, name) || Object.hasOwn(after, name))) {
    return replaceUnlessEqual(before, after, path, patches);
  }
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) patches.push({ op: 'remove', path: [...path, key] });
  }
  for (const [key, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, key)) patches.push({ op: 'add', path: [...path, key], value });
    else if (before[key] !== value) compare(before[key], value, [...path, key], patches);
  }
}

function replaceUnlessEqual(before: unknown, after: unknown, path: Path, patches: Patch[]): void {
  if (!equal(before, after)) patches.push({ op: 'replace', path, value: after });
}

function compareSets(before: Set<unknown>, after: Set<unknown>, path: Path, patches: Patch[]): void {
  if ([...before, ...after].some((member) => typeof member === 'object' && member !== null)) {
    // Members that are objects have no identity of their own: the set is written whole.
    return replaceUnlessEqual(before, after, path, patches);
  }
  for (const member of before)
    if (!after.has(member)) patches.push({ op: 'remove', path: [...path, 0], value: member });
  for (const member of after) if (!before.has(member)) patches.push({ op: 'add', path: [...path, 0], value: member });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Map || value instanceof Set)
  );
}
