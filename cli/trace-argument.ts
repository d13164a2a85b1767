/** TRACE arguments: the trace in a file, and the instance that it is a run of. */

import { QUIESCENCE } from '../explorer/exploration.ts';
import { UsageError } from '../model/contract/errors.ts';
import { UnknownName } from '../model/contract/parameter.ts';
import type { Instance } from '../model/contract/system.ts';
import type { Trace } from '../model/contract/trace.ts';
import { buildInstance, findSystem } from './system-argument.ts';
import { readTrace } from './traces.ts';

export interface FoundTrace {
  readonly trace: Trace;
  readonly instance: Instance;
}

/**
 * Reads a trace and finds its system.
 *
 * @throws UsageError when the file is no trace, or its system, parameters, mutant or property do not exist.
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
    return { trace, instance };
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new UsageError(`${path} does not fit: ${thrown.message}`, { cause: thrown });
  }
}
