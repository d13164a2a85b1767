/** What can be wrong with a model or with how it was asked for. */

/**
 * The model itself is at fault: a handler threw, a state is not plain data, a step is not a function of its arguments.
 * Nothing can be concluded from a run in which this happened.
 */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/** The request is at fault: an unknown parameter, a value out of range, bounds that contradict each other. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A short text of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error
    ? `${thrown.name === 'Error' ? '' : `${thrown.name}: `}${thrown.message}`
    : String(thrown);
}
