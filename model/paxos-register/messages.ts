/** The messages of Paxos as a register, between clients and servers and among servers. */

import { type ProcessId, type Tagged, z } from '../contract/index.ts';
import { Ballot } from '../kernels/ballot.ts';

/** What a client asks to be written. */
export const Proposal = z.strictObject({ client: z.string(), value: z.string() });
export type Proposal = { readonly client: ProcessId; readonly value: string };

/** What a server has accepted: a proposal at a ballot. */
export const Vote = z.strictObject({ ballot: Ballot, proposal: Proposal });
export type Vote = { readonly ballot: Ballot; readonly proposal: Proposal };

export const messages = {
  /** Client to server: writes its value. */
  Put: { value: z.string() },
  /** Server to client: its value is written. */
  PutOk: {},
  /** Client to server: reads the register. */
  Get: {},
  /** Server to client: the value read. */
  GetOk: { value: z.string().nullable() },
  /** Proposer to servers, phase 1a. */
  Prepare: { ballot: Ballot },
  /** Server to proposer, phase 1b: accepts nothing below the ballot; what it has accepted so far. */
  Prepared: { ballot: Ballot, accepted: Vote.nullable() },
  /** Proposer to servers, phase 2a. */
  Accept: { ballot: Ballot, proposal: Proposal },
  /** Server to proposer, phase 2b. */
  Accepted: { ballot: Ballot },
  /** Proposer to servers: a majority has accepted the proposal. */
  Decided: { ballot: Ballot, proposal: Proposal },
};

export type Message = Tagged<typeof messages>;
