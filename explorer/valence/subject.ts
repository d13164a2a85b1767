/** What the walk is taken through: an instance for each assignment of inputs, all of one system. */

import type { Consensus } from '../../model/contract/consensus.ts';
import { UsageError } from '../../model/contract/errors.ts';
import type { ParameterValue } from '../../model/contract/parameter.ts';
import { effectiveParameters, type ProcessInstance, type System } from '../../model/contract/system.ts';

export type ConsensusInstance = ProcessInstance & { readonly consensus: Consensus<object, unknown> };

/** One initial configuration. */
export interface Beginning {
  /** The inputs as the system's parameter gives them, such as `011`; empty for a system without such a parameter. */
  readonly inputs: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly instance: ConsensusInstance;
}

/** Longer lines of initial configurations than this are not walked. */
const MOST_INPUTS = 6;

/**
 * The initial configurations, on a line: neighbours differ in the input of one process (a Gray code). A system without a
 * parameter for the inputs has just one.
 *
 * @throws UsageError when the system has no processes or no decisions; the message says what to add.
 */
export function lineOf(
  system: System,
  given: Readonly<Record<string, ParameterValue>>,
  mutant: string | null,
): readonly Beginning[] {
  const parameters = effectiveParameters(system, given, mutant);
  const [name] = Object.entries(system.parameters).find(([, { kind }]) => kind === 'inputs') ?? [];
  const begin = (inputs: string, values: typeof parameters): Beginning => ({
    inputs,
    parameters: values,
    instance: withDecisions(system, values, mutant),
  });
  if (name === undefined) return [begin('', parameters)];
  const { length } = String(parameters[name]);
  if (length > MOST_INPUTS)
    throw new UsageError(
      `${name}=${String(parameters[name])} gives a line of ${2 ** length} initial configurations; give ${MOST_INPUTS} digits or fewer`,
    );
  return grayCode(length).map((inputs) => begin(inputs, { ...parameters, [name]: inputs }));
}

/** All words of so many binary digits, from all 0; neighbours differ in one digit. */
export function grayCode(length: number): string[] {
  if (length === 0) return [''];
  const shorter = grayCode(length - 1);
  return [...shorter.map((word) => `0${word}`), ...shorter.toReversed().map((word) => `1${word}`)];
}

function withDecisions(
  system: System,
  values: Readonly<Record<string, ParameterValue>>,
  mutant: string | null,
): ConsensusInstance {
  const instance = system.build(values, mutant);
  if (instance.kind === 'transitions') {
    throw new UsageError(
      `'${system.name}' is a bare transition system: the theorem is about processes that send messages. Define it with ` +
        'system({ ... }), as a protocol and its processes',
    );
  }
  const { consensus } = instance;
  if (consensus === null) {
    throw new UsageError(
      `'${system.name}' does not say what a decision is. Add to what its build returns: consensus: { inputs: { n1: 0, ` +
        'n2: 1 }, decision: (view) => view.decided }, where decided is null until the process has decided',
    );
  }
  const nobody = consensus.detector?.correct.find((id) => instance.processes.every((process) => process.id !== id));
  if (nobody !== undefined)
    throw new UsageError(
      `the failure detector of '${system.name}' takes '${nobody}' to be correct, which is no process of it`,
    );
  return { ...instance, consensus };
}
