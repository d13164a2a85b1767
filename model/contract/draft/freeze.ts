/** Values that never change: frozen, all through. */

/**
 * Freezes plain data, all that is in it included. What is frozen already is taken to be frozen all through; instances of
 * classes are not plain data, and are left to the error that they deserve.
 *
 * @param isDeep false: what is in it is frozen already
 */
export function freeze<Value>(value: Value, isDeep = false): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Set) lock(value, ['add', 'clear', 'delete']);
  else if (value instanceof Map) lock(value, ['set', 'clear', 'delete']);
  else if (!Array.isArray(value) && !isRecord(value)) return value;
  Object.freeze(value);
  if (!isDeep) return value;
  if (value instanceof Map) {
    for (const [key, item] of value) {
      freeze(key, true);
      freeze(item, true);
    }
  } else if (value instanceof Set || Array.isArray(value)) {
    for (const item of value) freeze(item, true);
  } else {
    for (const item of Object.values(value)) freeze(item, true);
  }
  return value;
}

/** Whether it is an object of plain data, if it is neither an array nor a Set or Map. */
export function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** `Object.freeze` does not keep a Set or Map from being changed by its methods. */
function lock(value: object, methods: readonly string[]): void {
  for (const method of methods) Object.defineProperty(value, method, { value: refuse });
}

function refuse(): never {
  throw new TypeError('this value is frozen: states and messages never change');
}
