/** The definition of linearizability, executed: some order of all returned and some pending operations is explained. */

import type { SequentialSpecification } from '../../spec/linearizability.ts';
import { same } from '../../spec/plain.ts';
import type { RecordedOperation } from '../../spec/real-time.ts';

/** Tries every permutation. Clients must be sequential: none invokes while it has an operation pending. */
export function naivelyLinearizable<State, Op, Result>(
  specification: SequentialSpecification<State, Op, Result>,
  recorded: readonly RecordedOperation<Op, Result>[],
): boolean {
  const placeNext = (left: readonly RecordedOperation<Op, Result>[], state: State): boolean =>
    left.every(({ returnedAt }) => returnedAt === null) ||
    left.some((operation) => {
      if (left.some((other) => other !== operation && precedes(other, operation))) return false;
      const applied = specification.apply(state, operation.op);
      if (operation.returnedAt !== null && !same(applied.result, operation.result)) return false;
      return placeNext(
        left.filter((other) => other !== operation),
        applied.state,
      );
    });
  return placeNext(recorded, specification.initial);
}

function precedes<Op, Result>(a: RecordedOperation<Op, Result>, b: RecordedOperation<Op, Result>): boolean {
  return a.returnedAt !== null && a.returnedAt < b.invokedAt;
}
