/**
 * Tests that a symmetry is one, on every step that is taken: if the names in a state and an event are exchanged, so must be
 * those in the outcome.
 *
 * A step that is met for the first time is compared with its images under the generators of the group, and these with
 * theirs, until nothing is new. So whatever the arrangement in which a step could be met, it has been tested, and at no
 * more cost in calls of handlers than an exploration without symmetry has. The same is done for the steps of the history
 * variable; views and bounds are compared whenever the image of a local state is made.
 */

import { canonical } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import { memberText } from '../../model/contract/symmetry.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { type Arrangement, arrangementOf } from './renamed-ids.ts';

/** A function of two ids that should commute with renamings. */
export interface Equivariant {
  /** What it is, for a sentence that says that it does not. */
  readonly name: (a: number, b: number) => string;
  readonly imageOfArguments: (a: number, b: number, arrangement: Arrangement) => readonly [a: number, b: number];
  /** The value of a pair; that of one that was not asked for before is tested in its turn. */
  readonly value: (a: number, b: number) => number;
  /** Whether a value, once renamed, is the other one. */
  readonly isImage: (value: number, other: number, arrangement: Arrangement) => boolean;
  /** Arguments and value in words, a line each. */
  readonly describe: (a: number, b: number, value: number) => string;
}

/** Tests one such function, pair by pair. */
export class EquivarianceTest {
  readonly #group: SymmetryGroup;
  readonly #generators: readonly Arrangement[];
  readonly #tested: Equivariant;
  readonly #pending: (readonly [a: number, b: number, value: number])[] = [];
  #isRunning = false;

  constructor(group: SymmetryGroup, tested: Equivariant) {
    this.#group = group;
    this.#generators = group.generators().map((permutation) => arrangementOf(group, permutation));
    this.#tested = tested;
  }

  /**
   * A pair has got its value: tests it, and all its images.
   *
   * @throws ModelError when the value of an image is not the image of the value.
   */
  met(a: number, b: number, value: number): void {
    this.#pending.push([a, b, value]);
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let pair = this.#pending.pop(); pair !== undefined; pair = this.#pending.pop()) this.#test(...pair);
    } finally {
      this.#isRunning = false;
    }
  }

  #test(a: number, b: number, value: number): void {
    const { imageOfArguments, isImage, name, describe } = this.#tested;
    for (const generator of this.#generators) {
      const image = imageOfArguments(a, b, generator);
      const imageValue = this.#tested.value(...image);
      if (isImage(value, imageValue, generator)) continue;
      throw asymmetry(
        this.#group,
        generator,
        name(a, b),
        describe(a, b, value),
        describe(image[0], image[1], imageValue),
      );
    }
  }
}

/** What to say of a symmetry that is none. */
export function asymmetry(
  group: SymmetryGroup,
  { permutation }: Arrangement,
  what: string,
  one: string,
  other: string,
): ModelError {
  const renaming = [...group.renamingOf(permutation)].map(([from, to]) => `${from} as ${to}`).join(', ');
  const moved = group.members.filter((_, member) => permutation[member] !== member).map(memberText);
  return new ModelError(
    `the system says that ${list(moved)} are interchangeable, but ${what} tells them apart.\n` +
      `  ${indented(one)}\nwith ${renaming}:\n  ${indented(other)}\n` +
      'A model that orders names, picks the first or the least, or hides them in longer strings or in numbers does not ' +
      'treat them alike: let its symmetry name only what it does treat alike, or check without --symmetry.',
  );
}

function list(items: readonly string[]): string {
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/** Plain data in one line. */
export function line(label: string, value: unknown): string {
  return `${label}: ${canonical(value)}`;
}
