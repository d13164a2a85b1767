/**
 * Binary consensus, as the systems on which `lockstep flp` shows the theorem state it: inputs as digits, and what must hold
 * of the decisions that are seen in a snapshot.
 */

import { agreement, validity } from '../../spec/consensus.ts';
import {
  always,
  inputs,
  type ProcessId,
  type Property,
  type Protocol,
  type Snapshot,
  sometimes,
  z,
} from '../contract/index.ts';

export const Bit = z.literal([0, 1]);
export type Bit = z.infer<typeof Bit>;

/** What is seen of a process: its decision. */
export interface View {
  readonly decided: Bit | null;
}

/** The inputs that the processes n1, n2, ... have, of digits such as `011`. */
export function inputsOf(digits: string): Readonly<Record<ProcessId, Bit>> {
  return Object.fromEntries([...digits].map((digit, index) => [`n${index + 1}`, digit === '0' ? 0 : 1]));
}

/** The parameter of a system in which every process has an input. */
export const inputsParameter = (most = 4) =>
  inputs({ default: '011', min: 2, max: most, help: 'what each process proposes, n1 first' });

type Seen = Snapshot<View, null>;

function decisionsOf({ views }: Seen) {
  return Object.fromEntries(Object.entries(views).map(([id, { decided }]) => [id, decided === null ? [] : [decided]]));
}

/** Agreement of the processes that are up. */
export const agreementHolds = always('agreement', (seen: Seen) => agreement(decisionsOf(seen)));

export const validityHolds = (proposed: Readonly<Record<ProcessId, Bit>>): Property<Seen> =>
  always('validity', (seen: Seen) => validity(decisionsOf(seen), Object.values(proposed)));

/** The flaw of a protocol that is there to show it. */
export const disagreementIsReached = sometimes(
  'two processes disagree',
  (seen: Seen) => agreement(decisionsOf(seen)) !== true,
);

export const someoneDecides = sometimes('a process decides', ({ views }: Seen) =>
  Object.values(views).some(({ decided }) => decided !== null),
);

/** Nobody who is up is left waiting. */
export function nobodyIsBlocked({ views }: Seen): string | true {
  const waiting = Object.entries(views).find(([, { decided }]) => decided === null);
  return waiting === undefined || `${waiting[0]} waits for ever`;
}

/** The same in the words of the theorem. */
export const consensusOn = (inputs: Readonly<Record<ProcessId, Bit>>) => ({
  inputs,
  decision: ({ decided }: View): Bit | null => decided,
});

/** An instance in which every process has its input, nothing but crashes goes wrong, and nobody must be left waiting. */
export function instanceOn<State extends View>(
  digits: string,
  crashes: number,
  protocolFor: (input: Bit) => Protocol<State>,
  properties: readonly Property<Seen>[],
) {
  const proposed = inputsOf(digits);
  return {
    processes: Object.entries(proposed).map(([id, input]) => ({ id, protocol: protocolFor(input) })),
    network: 'bag' as const,
    environment: { crashes },
    view: ({ decided }: State): View => ({ decided }),
    properties,
    quiescence: nobodyIsBlocked,
    consensus: consensusOn(proposed),
  };
}
