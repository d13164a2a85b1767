/** TRACE arguments: the trace in a file, and the instance that it is a run of. */

import { QUIESCENCE } from '../explorer/exploration.ts';
import { type Run, replay } from '../explorer/replay.ts';
import { UsageError } from '../model/contract/errors.ts';
import { UnknownName } from '../model/contract/parameter.ts';
import type { Instance } from '../model/contract/system.ts';
import type { Trace } from '../model/contract/trace.ts';
import { buildInstance, findSystem } from './system-argument.ts';
import { readTrace } from './traces.ts';

export interface FoundTrace {
  readonly trace: Trace;
  readonly instance: Instance;
  readonly run: Run;
}

/**
 * Reads a trace, finds its system, and takes the trace through it.
 *
 * @throws UsageError when the file is no trace, or one that does not fit: because its system, parameters, mutant or
 * property do not exist, or an event cannot happen where the trace has it.
 */
export async function findTrace(path: string): Promise<FoundTrace> {
  const trace = readTrace(path);
  try {
    const found = await findSystem(trace.system);
    const instance = buildInstance(found, trace.parameters, trace.mutant);
    const known = [...instance.properties.map(({ name }) => name), QUIESCENCE];
    if (trace.property !== null && !known.includes(trace.property)) {
      throw new UnknownName('property', trace.property, known, `of system '${trace.system}'`);
    }
    return { trace, instance, run: replay(instance, trace) };
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new UsageError(`${path}: ${thrown.message}`, { cause: thrown });
  }
}
