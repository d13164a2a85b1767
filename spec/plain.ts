/**
 * Plain data as text: objects, arrays, `Set`, `Map`, strings, numbers, booleans and null. What is compared or shown by the
 * specifications is of this kind.
 */

/** The same text for equal values, whatever the order of keys and members; different texts for different ones. */
export function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return String(JSON.stringify(value));
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (value instanceof Set) return `#[${sorted(value, textOf)}]`;
  if (value instanceof Map) return `#{${sorted(value, ([key, item]) => `${textOf(key)}:${textOf(item)}`)}}`;
  return `{${sorted(Object.entries(value), ([key, item]) => `${JSON.stringify(key)}:${textOf(item)}`)}}`;
}

/** A value as a sentence shows it: a string bare, anything else as text. */
export function show(value: unknown): string {
  return typeof value === 'string' ? value : textOf(value);
}

export function same(a: unknown, b: unknown): boolean {
  return a === b || textOf(a) === textOf(b);
}

function sorted<T>(items: Iterable<T>, text: (item: T) => string): string {
  return [...items].map(text).sort().join(',');
}
