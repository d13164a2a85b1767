/**
 * Consensus by waiting: everybody tells everybody its input, and decides when it has heard enough.
 *
 * Source: the protocol that one thinks of first, and the one that Fischer, Lynch and Paterson (JACM 1985, section 1) rule
 * out with all others: who waits for all waits for ever for one that has crashed, and who does not wait cannot know what
 * the others have heard.
 * Faults: none are tolerated. Messages may be delayed and reordered.
 */

import { type Draft, type Process, protocol, type Tagged } from '../contract/index.ts';
import { Bit } from '../kernels/binary-consensus.ts';

export const messages = {
  /** To all: what the sender was given. */
  Input: { value: Bit },
};

const indications = { decide: { value: Bit } };

export interface State {
  readonly input: Bit;
  /** The inputs that it knows, by process. */
  readonly known: Readonly<Record<string, Bit>>;
  readonly decided: Bit | null;
}

export const waitingRules = {
  /** How many of `n` inputs it must know to decide. */
  enough: (n: number): number => n,
  /** What it decides of the inputs that it knows: the least. */
  choose: (known: readonly Bit[]): Bit => (known.includes(0) ? 0 : 1),
};

export type Rules = typeof waitingRules;

type Self = Process<Tagged<typeof messages>, 'begin', never, Tagged<typeof indications>>;

/** The protocol of a process with this input. */
export const exchange = (input: Bit, rules: Rules) =>
  protocol({
    name: 'exchange',
    version: 1,
    messages,
    indications,
    timers: ['begin'],

    init: (): State => ({ input, known: {}, decided: null }),

    start(_state, { setTimer }) {
      setTimer('begin');
    },

    timeout: {
      /** Its first step. A process that crashes before it has told nobody. */
      begin(state, { broadcast }) {
        broadcast({ type: 'Input', value: state.input });
      },
    },

    receive: {
      Input(state, { value }, process) {
        state.known[process.from] = value;
        decide(state, process, rules);
      },
    },
  });

function decide(state: Draft<State>, { self, processes, indicate }: Self, rules: Rules): void {
  const known = Object.values(state.known);
  if (state.decided !== null || !Object.hasOwn(state.known, self) || known.length < rules.enough(processes.length))
    return;
  state.decided = rules.choose(known);
  indicate({ type: 'decide', value: state.decided });
}
