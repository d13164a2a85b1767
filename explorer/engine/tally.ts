/** What a search has counted and found so far. */

/** A state by its fingerprint, and for a step the state before it. */
export interface Found {
  readonly depth: number;
  readonly lo: number;
  readonly hi: number;
  readonly before: { readonly lo: number; readonly hi: number } | null;
}

/** A tally as plain data: what workers report, and checkpoints keep. */
export interface Counts {
  readonly generated: number;
  readonly represented: number;
  readonly quiescent: number;
  readonly skipped: number;
  readonly cut: Readonly<Record<string, number>>;
  readonly found: readonly (readonly [property: string, isViolation: boolean, found: Found])[];
}

export class Tally {
  generated = 0;
  /** Under a symmetry, how many states the distinct ones stand for. */
  represented = 0;
  quiescent = 0;
  /** Under a reduction, transitions that were not followed. */
  skipped = 0;
  readonly cut: Record<string, number> = {};
  readonly found = new Map<string, Found>();
  readonly #violated = new Set<string>();

  /** Whether anything found is a violation. */
  get violated(): boolean {
    return this.#violated.size > 0;
  }

  /**
   * Notes a violation or a witness. Of several at the same depth the one with the least fingerprint is kept: which run is
   * shown does not depend on the order of the work. A deeper one never replaces a shallower one.
   *
   * @returns whether another one at this depth could still take its place
   */
  note(name: string, isViolation: boolean, found: Found): boolean {
    if (isViolation) this.#violated.add(name);
    const known = this.found.get(name);
    if (known === undefined || isBefore(found, known)) this.found.set(name, found);
    return known === undefined || known.depth >= found.depth;
  }

  /** A transition that leads beyond a bound; the event is numbered as one that is offered. */
  cutBy(bound: string, _event: number): void {
    this.cut[bound] = (this.cut[bound] ?? 0) + 1;
  }

  counts(): Counts {
    const { generated, represented, quiescent, skipped, cut } = this;
    const found = [...this.found].map(([name, state]) => [name, this.#violated.has(name), state] as const);
    return { generated, represented, quiescent, skipped, cut: { ...cut }, found };
  }

  /** Adds what another one has counted and found. */
  add({ generated, represented, quiescent, skipped, cut, found }: Counts): void {
    this.generated += generated;
    this.represented += represented;
    this.quiescent += quiescent;
    this.skipped += skipped;
    for (const [bound, times] of Object.entries(cut)) this.cut[bound] = (this.cut[bound] ?? 0) + times;
    for (const [name, isViolation, state] of found) this.note(name, isViolation, state);
  }
}

function isBefore(a: Found, b: Found): boolean {
  const words = (found: Found) => [found.depth, found.lo, found.hi, found.before?.lo ?? 0, found.before?.hi ?? 0];
  const [first, second] = [words(a), words(b)];
  const differs = first.findIndex((word, index) => word !== second[index]);
  return differs >= 0 && (first[differs] ?? 0) < (second[differs] ?? 0);
}
