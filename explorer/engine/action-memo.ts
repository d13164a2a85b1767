/** What the actions of a bare transition system change: each is taken once for all states that agree in what it reads. */

import { type NamedAction, takeAction } from '../../model/contract/action.ts';
import { mutableCopy } from '../../model/contract/content-set.ts';
import { equal } from '../../model/contract/data.ts';
import { NONE } from './cells.ts';
import type { Placement } from './placement.ts';
import { plainState } from './plain-state.ts';
import { ChangeLists, type StateChanges } from './state-changes.ts';
import type { Changes } from './state-draft.ts';
import { type StateFunction, StateFunctions } from './state-functions.ts';

/** The result of an action that is disabled. */
export const DISABLED = 1;

export class ActionMemo {
  /** What actions change. */
  readonly lists = new ChangeLists();
  readonly #functions: StateFunctions;
  readonly #now: Placement;
  readonly #changes: StateChanges;
  /** Where the list ends that is kept; behind it may be one of an action that is not memoised. */
  #kept = 0;

  constructor(
    actions: readonly NamedAction[],
    now: Placement,
    before: Placement,
    changes: StateChanges,
    paranoid: boolean,
  ) {
    this.#now = now;
    this.#changes = changes;
    // So that no list begins where it could be taken for another result.
    while (this.#kept <= DISABLED) this.#keep(new Map());
    const functions = actions.map((action) => this.#function(action));
    this.#functions = new StateFunctions(functions, now, before, paranoid);
  }

  get calls() {
    return this.#functions.calls;
  }

  /** {@link DISABLED}, or where the list begins of what an action changes in the state that is placed now. Valid for the last one asked. */
  result(index: number): number {
    this.lists.forgetFrom(this.#kept);
    return this.#functions.result(index);
  }

  #function(named: NamedAction): StateFunction {
    const taken = (): Changes | null => {
      const before = plainState(this.#now, true);
      const after = mutableCopy(before);
      // As successorsOf has it: a Set that the action has made itself knows its members by content from now on.
      return takeAction(named, after as never) ? this.#changes.between(before, mutableCopy(after)) : null;
    };
    return {
      name: `action ${named.name}`,
      manner: { isFrozen: false, setsKnowContent: true },
      ofDrafts: (draft) => (takeAction(named, draft.state as never) ? this.#keep(draft.changes()) : DISABLED),
      plainly: () => {
        const changes = taken();
        return changes === null ? DISABLED : this.lists.add(changes);
      },
      isPlainly: (result) => {
        const changes = taken();
        if (changes === null || result === DISABLED) return changes === null && result === DISABLED;
        return equal(this.#real(this.lists.at(result)), this.#real(changes));
      },
    };
  }

  #keep(changes: Changes): number {
    const begins = this.lists.add(changes);
    this.#kept = begins + 1 + 2 * changes.size;
    return begins;
  }

  /** What of changes is different from what is there now. */
  #real(changes: Changes): Changes {
    return new Map([...changes].filter(([cell, atom]) => (this.#now.atoms[cell] ?? NONE) !== atom));
  }
}
