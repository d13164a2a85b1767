/**
 * A client of the register: writes a value of its own at one server and, when that is acknowledged, reads at another.
 *
 * Source: the register client of Stateright (src/actor/register.rs, with one Put).
 */

import { type ProcessId, protocol } from '../contract/index.ts';
import { messages } from './messages.ts';

export interface Client {
  readonly role: 'client';
  /** The answer that it waits for; null before its start and when it is done. */
  readonly awaiting: 'PutOk' | 'GetOk' | null;
}

/** What a client does: its value, and the servers that it writes and reads at. */
export interface Workload {
  readonly value: string;
  readonly putAt: ProcessId;
  readonly getAt: ProcessId;
}

export const client = ({ value, putAt, getAt }: Workload) =>
  protocol({
    name: 'paxos-register/client',
    version: 1,
    messages,

    init: (): Client => ({ role: 'client', awaiting: null }),

    start(state, { send }) {
      state.awaiting = 'PutOk';
      send(putAt, { type: 'Put', value });
    },

    receive: {
      /** Once: another server may have its value decided a second time, and acknowledge it again. */
      PutOk(state, _message, { send }) {
        if (state.awaiting !== 'PutOk') return;
        state.awaiting = 'GetOk';
        send(getAt, { type: 'Get' });
      },

      GetOk(state) {
        if (state.awaiting === 'GetOk') state.awaiting = null;
      },
    },
  });
