/**
 * A leader that decides alone, and a deputy that takes over when it seems to have crashed.
 *
 * Source: the failover that one builds first, and Fischer, Lynch and Paterson (JACM 1985, section 1) on why it fails: in
 * an asynchronous system a crashed leader cannot be told from a slow one.
 * Faults: one crash, of whichever process. Messages may be delayed and reordered.
 */

import { type Draft, type Process, protocol, type Tagged } from '../contract/index.ts';
import { Bit } from '../kernels/binary-consensus.ts';

export const messages = {
  /** Leader or deputy to all: what it has decided. */
  Decided: { value: Bit },
};

const indications = { decide: { value: Bit } };

export interface State {
  readonly input: Bit;
  readonly decided: Bit | null;
}

type Self = Process<Tagged<typeof messages>, 'lead' | 'takeOver', never, Tagged<typeof indications>>;

export const takeoverRules = {
  /** Whether the deputy takes over from a leader that it has not heard of. */
  deputyTakesOver: true,
};

export type Rules = typeof takeoverRules;

/** The protocol of a process with this input. The first process is the leader, the second one its deputy. */
export const leaderTakeover = (input: Bit, rules: Rules) =>
  protocol({
    name: 'leader-takeover',
    version: 1,
    messages,
    indications,
    timers: ['lead', 'takeOver'],

    init: (): State => ({ input, decided: null }),

    start(_state, { self, processes, setTimer }) {
      if (self === processes[0]) setTimer('lead');
      if (self === processes[1] && rules.deputyTakesOver) setTimer('takeOver');
    },

    timeout: {
      /** The leader decides its own input. */
      lead(state, process) {
        decide(state, state.input, process);
      },

      /** The deputy has waited long enough for the leader. */
      takeOver(state, process) {
        decide(state, state.input, process);
      },
    },

    receive: {
      Decided(state, { value }, { cancelTimer, indicate }) {
        if (state.decided !== null) return;
        state.decided = value;
        cancelTimer('lead');
        cancelTimer('takeOver');
        indicate({ type: 'decide', value });
      },
    },
  });

/** Decides alone, and tells the others. */
function decide(state: Draft<State>, value: Bit, { peers, send, indicate }: Self): void {
  state.decided = value;
  indicate({ type: 'decide', value });
  for (const peer of peers) send(peer, { type: 'Decided', value });
}
