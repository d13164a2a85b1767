/** Negative, zero or positive as `a` is before, equal to or after `b`: by code units, which are in one order everywhere. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
