/** What changed of a value: a short text for each place in which two values differ. */

import { canonical, equal, inCanonicalOrder } from '../../model/contract/data.ts';
import { type Formatter, isRecord } from './format.ts';

/** `path` says where (`attempt.accepted`), `change` what became of it (`none -> 1.n1`, `+ n3`, `- a, + b`). */
export interface Change {
  readonly path: string;
  readonly change: string;
}

/** The places in which `after` differs from `before`, in the order of its fields. */
export function changesOf(before: unknown, after: unknown, format: Formatter, path = ''): Change[] {
  if (equal(before, after)) return [];
  if (before instanceof Set && after instanceof Set) return [{ path, change: membership(before, after, format) }];
  if (before instanceof Map && after instanceof Map) return ofMaps(before, after, format, path);
  if (Array.isArray(before) && Array.isArray(after)) return ofSequences(before, after, format, path);
  if (isRecord(before) && isRecord(after) && shareSomething(before, after, format))
    return ofRecords(before, after, format, path);
  return [{ path, change: replaced(before, after, format) }];
}

/** What is given up whole is not told again in full. */
const LONGEST_GIVEN_UP = 30;

function replaced(before: unknown, after: unknown, format: Formatter): string {
  const was = format.value(before);
  const given = after === null && was.length > LONGEST_GIVEN_UP ? '...' : was;
  return `${given} -> ${format.value(after)}`;
}

/** Whether it helps to tell two records apart field by field. */
function shareSomething(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  format: Formatter,
): boolean {
  if (format.isAtom(before) || format.isAtom(after)) return false;
  const [smaller, larger] = Object.keys(before).length < Object.keys(after).length ? [before, after] : [after, before];
  const keys = Object.keys(smaller);
  return keys.length === 0 || keys.some((key) => Object.hasOwn(larger, key));
}

function ofRecords(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  format: Formatter,
  path: string,
): Change[] {
  const entry = (key: string, of: Readonly<Record<string, unknown>>) => `${key}: ${format.value(of[key])}`;
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const fresh = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
  const within = Object.keys(after)
    .filter((key) => Object.hasOwn(before, key))
    .flatMap((key) => changesOf(before[key], after[key], format, path === '' ? key : `${path}.${key}`));
  const members = [...gone.map((key) => `- ${key}`), ...fresh.map((key) => `+ ${entry(key, after)}`)];
  return members.length === 0 ? within : [...within, { path, change: members.join(', ') }];
}

function ofMaps(
  before: ReadonlyMap<unknown, unknown>,
  after: ReadonlyMap<unknown, unknown>,
  format: Formatter,
  path: string,
): Change[] {
  // Keys may be objects: entries are found by the canonical text of their keys.
  const was = new Map([...before].map(([key, item]) => [canonical(key), item]));
  const is = new Set([...after.keys()].map(canonical));
  const gone = inCanonicalOrder(before.keys()).filter((key) => !is.has(canonical(key)));
  const entries = inCanonicalOrder(after.entries());
  const fresh = entries.filter(([key]) => !was.has(canonical(key)));
  const within = entries
    .filter(([key]) => was.has(canonical(key)))
    .flatMap(([key, item]) => changesOf(was.get(canonical(key)), item, format, `${path}[${format.value(key)}]`));
  const members = [
    ...gone.map((key) => `- ${format.value(key)}`),
    ...fresh.map(([key, item]) => `+ ${format.value(key)} -> ${format.value(item)}`),
  ];
  return members.length === 0 ? within : [...within, { path, change: members.join(', ') }];
}

function membership(before: ReadonlySet<unknown>, after: ReadonlySet<unknown>, format: Formatter): string {
  const was = new Set([...before].map(canonical));
  const is = new Set([...after].map(canonical));
  const gone = inCanonicalOrder(before).filter((member) => !is.has(canonical(member)));
  const fresh = inCanonicalOrder(after).filter((member) => !was.has(canonical(member)));
  return difference(gone, fresh, format);
}

/** A sequence of the same length changes in places; else it mostly grows or shrinks at its end, or is told whole. */
function ofSequences(before: readonly unknown[], after: readonly unknown[], format: Formatter, path: string): Change[] {
  if (before.length === after.length)
    return after.flatMap((item, index) => changesOf(before[index], item, format, `${path}[${index}]`));
  const differs = after.findIndex((item, index) => index >= before.length || !equal(item, before[index]));
  const kept = differs < 0 ? after.length : differs;
  const whole = kept === 0 && before.length > 0 && after.length > 0;
  const change = whole ? replaced(before, after, format) : difference(before.slice(kept), after.slice(kept), format);
  return [{ path, change }];
}

function difference(gone: readonly unknown[], fresh: readonly unknown[], format: Formatter): string {
  const list = (sign: string, items: readonly unknown[]) =>
    items.length === 0 ? [] : [`${sign} ${items.map(format.value).join(', ')}`];
  return [...list('-', gone), ...list('+', fresh)].join(', ');
}
