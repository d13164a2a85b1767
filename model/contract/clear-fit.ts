/**
 * Whether a value clearly fits a schema: a quick look, made of the schema itself, for messages by the ten thousand, of which
 * nearly all are right. What does not clearly fit is for the schema to judge, which says what is wrong; a test compares the
 * two.
 */

import type { z } from 'zod';

type Check = (value: unknown) => boolean;

/** Null: of a schema of which some part is not understood, so that nothing clearly fits it. */
const checks = new WeakMap<z.ZodType, Check | null>();

/**
 * True only for plain data that the schema takes as it is. It may be false of such data too.
 */
export function clearlyFits(schema: z.ZodType, value: unknown): boolean {
  let check = checks.get(schema);
  if (check === undefined) {
    check = checkOf(schema);
    checks.set(schema, check);
  }
  return check?.(value) ?? false;
}

function checkOf(schema: z.core.$ZodType): Check | null {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return isPlainest(def) ? (value) => typeof value === 'string' : null;
    case 'number':
      return numberCheck(def);
    case 'boolean':
      return isPlainest(def) ? (value) => typeof value === 'boolean' : null;
    case 'null':
      return (value) => value === null;
    case 'literal':
      return literalCheck(def.values);
    case 'nullable':
      return mapped(checkOf(def.innerType), (is) => (value) => value === null || is(value));
    case 'array':
      return isPlainest(def) ? mapped(checkOf(def.element), arrayCheck) : null;
    case 'object':
      return isPlainest(def) ? objectCheck(def.shape) : null;
    case 'union':
      return unionCheck(def);
    default:
      return null;
  }
}

/** Whether a schema asks for nothing beyond its type, and changes nothing. */
function isPlainest(def: { readonly checks?: readonly unknown[] | undefined; readonly coerce?: boolean }): boolean {
  return (def.checks ?? []).length === 0 && !('format' in def) && def.coerce !== true;
}

/** Integers, perhaps from some number on. */
function numberCheck({ checks: bounds = [], coerce, ...def }: z.core.$ZodNumberDef): Check | null {
  if (coerce === true || !('format' in def) || def.format !== 'safeint') return null;
  let least = Number.NEGATIVE_INFINITY;
  for (const bound of bounds) {
    const { check, value, inclusive } = bound._zod.def as z.core.$ZodCheckGreaterThanDef;
    if (check !== 'greater_than' || !inclusive) return null;
    least = Math.max(least, Number(value));
  }
  return (value) => Number.isSafeInteger(value) && (value as number) >= least;
}

/** The literals of messages are texts: what they are told apart by. */
function literalCheck(values: readonly unknown[]): Check | null {
  const [only] = values;
  return values.length === 1 && typeof only === 'string' ? (value) => value === only : null;
}

function arrayCheck(is: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (let index = 0; index < value.length; index++) if (!is(value[index])) return false;
    return true;
  };
}

/** Objects with these fields and no others. */
function objectCheck(shape: Readonly<Record<string, z.core.$ZodType>>): Check | null {
  const fields = Object.entries(shape).map(([name, schema]) => ({ name, is: checkOf(schema) }));
  const known = fields.flatMap(({ name, is }) => (is === null ? [] : [{ name, is }]));
  if (known.length < fields.length) return null;
  return (value) => {
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
    for (const { name, is } of known) if (!is((value as Record<string, unknown>)[name])) return false;
    let count = 0;
    for (const _name in value) count += 1;
    return count === known.length;
  };
}

/** Any of several schemas, or the one of several objects that has a field's value. */
function unionCheck({ options, inclusive = true, ...def }: z.core.$ZodUnionDef): Check | null {
  if (!inclusive && !('discriminator' in def)) return null;
  const any = options.map(checkOf);
  return any.includes(null) ? null : (value) => any.some((is) => is?.(value));
}

function mapped<T>(check: Check | null, make: (is: Check) => T): T | null {
  return check === null ? null : make(check);
}
