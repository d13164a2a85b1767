/**
 * Symmetry: names that can be exchanged without any difference to what can happen, so that of the states that differ in
 * nothing else only one need be explored.
 *
 * A *name* is a string: the id of a process or a client, a value. It occurs in plain data wherever a string *is* the name:
 * as an item or a field, as the key of an object, as a member of a Set, as a key or a value of a Map. A string that merely
 * contains the name is another string, and so is a number that stands for it. An explorer that uses a symmetry tests it
 * (explorer/engine/equivariance.ts), so that data in which names hide in other forms are refused and not believed.
 */

import type { ProcessId } from './protocol.ts';

/**
 * Members of which any two may be exchanged: names, `['n1', 'n2', 'n3']`; or names that go together, such as each client
 * and the value that it alone writes, `[['c1', 'A'], ['c2', 'B']]`.
 */
export type Interchangeable = readonly (string | readonly string[])[];

/** What each name is replaced by; a name that is not in it stays. A permutation. */
export type Renaming = ReadonlyMap<string, string>;

/** The names of each member. */
export function bundles(interchangeable: Interchangeable): (readonly string[])[] {
  return interchangeable.map((member) => (typeof member === 'string' ? [member] : member));
}

/** The value with every occurrence of a name replaced. */
export function renamed(value: unknown, renaming: Renaming): unknown {
  if (typeof value === 'string') return renaming.get(value) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  const rename = (part: unknown) => renamed(part, renaming);
  if (Array.isArray(value)) return value.map(rename);
  if (value instanceof Set) return new Set([...value].map(rename));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [rename(key), rename(item)]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [renaming.get(key) ?? key, rename(item)]));
}

/** What contradicts itself in a declaration of symmetry, in a sentence; null when nothing does. */
export function flawOf(
  symmetry: readonly Interchangeable[],
  processes: readonly { readonly id: ProcessId; readonly protocol: { readonly name: string } }[],
): string | null {
  const names = symmetry.flatMap((members) => bundles(members).flat());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `'${twice}' is among the interchangeable names twice`;
  for (const [first, ...others] of symmetry.map(bundles)) {
    for (const other of others) {
      if (first === undefined || other.length !== first.length || other.length === 0)
        return `${memberText(first ?? [])} and ${memberText(other)} cannot be interchangeable: they are not as many names`;
      for (const [at, name] of first.entries()) {
        const kinds = [name, other[at]].map((id) => processes.find((process) => process.id === id)?.protocol.name);
        if (kinds[0] === kinds[1]) continue;
        const are = kinds.map((kind) => (kind === undefined ? 'is no process' : `runs ${kind}`));
        return `'${name}' and '${other[at]}' cannot be interchangeable: one ${are[0]}, the other ${are[1]}`;
      }
    }
  }
  return null;
}

/** A member as people write it: a name, or names that go together. */
export function memberText(names: readonly string[]): string {
  return names.length === 1 ? `'${names[0]}'` : `(${names.map((name) => `'${name}'`).join(', ')})`;
}
