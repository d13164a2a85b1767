/** What a search has counted and found so far. */

/** A state by its fingerprint, and for a step the state before it. */
export interface Found {
  readonly depth: number;
  readonly lo: number;
  readonly hi: number;
  readonly before: { readonly lo: number; readonly hi: number } | null;
}

export class Tally {
  generated = 0;
  quiescent = 0;
  readonly cut: Record<string, number> = {};
  readonly found = new Map<string, Found>();
  violated = false;

  /**
   * Notes a violation or a witness. Of several at the same depth the one with the least fingerprint is kept: which run is
   * shown does not depend on the order of the work. A deeper one never replaces a shallower one.
   *
   * @returns whether another one at this depth could still take its place
   */
  note(name: string, isViolation: boolean, found: Found): boolean {
    if (isViolation) this.violated = true;
    const known = this.found.get(name);
    if (known === undefined || isBefore(found, known)) this.found.set(name, found);
    return known === undefined || known.depth >= found.depth;
  }

  /** A transition that leads beyond a bound; the event is numbered as one that is offered. */
  cutBy(bound: string, _event: number): void {
    this.cut[bound] = (this.cut[bound] ?? 0) + 1;
  }
}

function isBefore(a: Found, b: Found): boolean {
  const words = (found: Found) => [found.depth, found.lo, found.hi, found.before?.lo ?? 0, found.before?.hi ?? 0];
  const [first, second] = [words(a), words(b)];
  const differs = first.findIndex((word, index) => word !== second[index]);
  return differs >= 0 && (first[differs] ?? 0) < (second[differs] ?? 0);
}
