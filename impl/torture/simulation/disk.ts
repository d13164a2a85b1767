/**
 * A simulated disk: a write takes a while, and a crash may come before or after it. What it keeps is made of the patches
 * that it was given, as on a real one.
 */

import { type Patch, patched } from '../../../model/contract/patches.ts';
import type { Change, Store } from '../../node/ports.ts';
import type { Random } from '../random.ts';

/** So many patches are put into what is kept at once: one by one, each would cost a walk to its place. */
const MOST_PATCHES = 1024;

export class SimulatedDisk {
  #kept: unknown;
  /** What has been written since. */
  #patches: Patch[] = [];
  #wasWritten = false;
  #incarnations = 0;
  #underWay: Change | null = null;
  #isSlow = false;

  constructor(private readonly random: Random) {}

  /**
   * The store for the node's next incarnation.
   *
   * @param after runs something later in the life of that incarnation
   */
  open(after: (ms: number, run: () => void) => void): Store {
    this.#incarnations += 1;
    this.#fold();
    return {
      incarnation: this.#incarnations,
      recovered: this.#wasWritten ? { kept: this.#kept } : null,
      commit: (change, done) => {
        this.#underWay = change;
        const ms = this.#isSlow ? this.random.between(50, 800) : this.random.between(0.1, 3);
        after(ms, () => {
          this.#write(change);
          done(null);
        });
      },
    };
  }

  set isSlow(isSlow: boolean) {
    this.#isSlow = isSlow;
  }

  /** What was under way may have reached the disk or not. */
  crash(): void {
    if (this.#underWay !== null && this.random.chance(0.5)) this.#write(this.#underWay);
    this.#underWay = null;
  }

  #write({ patches }: Change): void {
    this.#patches.push(...patches);
    if (this.#patches.length >= MOST_PATCHES) this.#fold();
    this.#wasWritten = true;
    this.#underWay = null;
  }

  #fold(): void {
    this.#kept = patched(this.#kept, this.#patches);
    this.#patches = [];
  }
}
