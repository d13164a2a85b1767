/** What the comparison under partial connectivity must know of a protocol besides the protocol itself. */

import type { ProcessId, Protocol } from '../contract/index.ts';

export interface Contender {
  readonly name: string;
  readonly help: string;
  readonly protocol: Protocol;
  /** The timers of heartbeats, which fire much more often than others. The others expire. */
  readonly heartbeats: readonly string[];
  /**
   * How long servers wait for their other timers. `random`: anew each time, so that any of them may be the next one to
   * expire. `equal`: all equally long, so that once each has had its turn, turns come in the same order for ever.
   */
  readonly waits: 'random' | 'equal';
  /** What a client sends to have a command decided. */
  request(command: string): { readonly type: string };
  /** Whether an indication says that the command is decided. */
  isDecided(indication: { readonly type: string }, command: string): boolean;
  /** Whether the server leads, as far as it knows. */
  leads(state: object): boolean;
  /** What a server is about, in a few words. */
  describe(state: object): string;
  /**
   * The states of all servers, with numbers that only grow made as small as may be, so that what differs in nothing but
   * them is the same.
   */
  normal(states: Readonly<Record<ProcessId, object>>): Readonly<Record<ProcessId, object>>;
}

/** The same with the type of the protocol's states, which is forgotten in a {@link Contender}. */
export interface ContenderOf<State extends object>
  extends Omit<Contender, 'protocol' | 'leads' | 'describe' | 'normal'> {
  readonly protocol: Protocol<State>;
  leads(state: State): boolean;
  describe(state: State): string;
  normal(states: Readonly<Record<ProcessId, State>>): Readonly<Record<ProcessId, State>>;
}

export function contender<State extends object>(definition: ContenderOf<State>): Contender {
  return definition as unknown as Contender;
}
