/**
 * Plain data as short text for people. One format for every protocol:
 *
 *     none  true  3  a  "two words"     null, booleans, numbers, strings (quoted unless they are simple words)
 *     [a, b]  {a, b}                    sequences and sets
 *     {a -> 1, b -> 2}                  maps
 *     {round: 1, leader: none}          records
 *     1.n1                              a record of just a number and a process: how unique numbers are written
 *     Accept 1.n1 a                     whatever has a `type`: its name, then its fields (see `taggedText`)
 */

import { inCanonicalOrder } from '../../model/contract/data.ts';
import type { Instance } from '../../model/contract/system.ts';

/** Writes values of one instance; it knows which strings are its processes. */
export interface Formatter {
  value(value: unknown): string;
  /** A message, a request, a response or an indication. */
  tagged(value: { readonly type: string }): string;
  /** A named value, as it reads in a list of such: `round 3`, `granted`, `not granted`, `no vote`. */
  field(name: string, value: unknown): string;
  /** Whether the value is written as one word, so that nothing within it is told apart. */
  isAtom(value: unknown): boolean;
}

const SIMPLE_WORD = /^[\p{L}_][\p{L}\p{N}_./@#-]*$/u;
const TAG = /^\p{L}[\p{L}\p{N}_-]*$/u;
/** Words that would read as another value. */
const RESERVED: ReadonlySet<string> = new Set(['none', 'true', 'false']);

export function formatterOf(instance: Instance): Formatter {
  return formatter(instance.kind === 'processes' ? instance.processes.map(({ id }) => id) : []);
}

export function formatter(processes: readonly string[]): Formatter {
  const known = new Set(processes);

  function value(of: unknown): string {
    if (of === null || of === undefined) return 'none';
    if (typeof of === 'string') return SIMPLE_WORD.test(of) && !RESERVED.has(of) ? of : JSON.stringify(of);
    if (typeof of !== 'object') return String(of);
    if (Array.isArray(of)) return `[${of.map(value).join(', ')}]`;
    if (of instanceof Set) return `{${inCanonicalOrder(of).map(value).join(', ')}}`;
    if (of instanceof Map) {
      const entries = inCanonicalOrder(of.entries()).map(([key, item]) => `${value(key)} -> ${value(item)}`);
      return `{${entries.join(', ')}}`;
    }
    if (isNumbered(of, known)) return Object.values(of).join('.');
    if (isTagged(of)) return tagged(of);
    return `{${Object.entries(of)
      .map(([key, item]) => `${key}: ${value(item)}`)
      .join(', ')}}`;
  }

  /**
   * The name, then the fields in order: as long as nothing is ambiguous just their values, the rest by name in
   * parentheses. `Accept 1.n1 a`, `Refused 1.n1 (promised 2.n2)`, `Promise 1.n1 (no vote)`, `Vote 3 (granted)`.
   */
  function tagged({ type, ...fields }: { readonly type: string }): string {
    const plain: string[] = [];
    const named: string[] = [];
    const shapes = new Set<string>();
    for (const [name, item] of Object.entries(fields)) {
      const shape = shapeOf(item, known);
      if (shape !== null && !shapes.has(shape) && named.length === 0) plain.push(value(item));
      else named.push(field(name, item));
      if (shape !== null) shapes.add(shape);
    }
    return [type, ...plain, ...(named.length === 0 ? [] : [`(${named.join(', ')})`])].join(' ');
  }

  function field(name: string, item: unknown): string {
    if (item === null) return `no ${name}`;
    if (typeof item === 'boolean') return item ? name : `not ${name}`;
    return `${name} ${value(item)}`;
  }

  return {
    value,
    tagged,
    field,
    isAtom: (of) => typeof of !== 'object' || of === null || isNumbered(of, known) || isTagged(of),
  };
}

function isTagged(value: object): value is { readonly type: string } {
  return 'type' in value && typeof value.type === 'string' && TAG.test(value.type);
}

/** A number made unique by a process: a ballot, an epoch, a timestamp. */
function isNumbered(value: object, processes: ReadonlySet<string>): boolean {
  const [number, process, ...more] = Object.values(value) as unknown[];
  return (
    isRecord(value) &&
    more.length === 0 &&
    Number.isInteger(number) &&
    typeof process === 'string' &&
    processes.has(process)
  );
}

/** The kind of a value that needs no name beside it; null for all others. */
function shapeOf(value: unknown, processes: ReadonlySet<string>): string | null {
  if (typeof value === 'number' || typeof value === 'string') return typeof value;
  return typeof value === 'object' && value !== null && isNumbered(value, processes) ? 'numbered' : null;
}

/** Whether the value is an object with named fields, as against a sequence, a set, a map. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Set) &&
    !(value instanceof Map)
  );
}
