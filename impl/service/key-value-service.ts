/**
 * The key-value service at one node: hands clients' operations to the protocol, and the protocol's answers to the clients.
 *
 * Every operation, a read too, goes through the replicated log, so that a read sees all that was written before it began.
 * A client's id and number make a repeated operation the same operation.
 */

import type { AnyTagged, ProcessId } from '../../model/contract/protocol.ts';
import type { KeyValueOp, KeyValueResult } from '../../spec/key-value.ts';
import type { Node, User } from '../node/node.ts';
import type { ReplicatedLog, Standing } from './replicated-log.ts';

/** An operation of a client. Numbers of one client grow; a number stands for one operation only. */
export interface Request {
  readonly client: string;
  readonly seq: number;
  readonly op: KeyValueOp;
}

/** What became of one attempt to have an operation executed. */
export type Outcome =
  | { readonly type: 'executed'; readonly result: KeyValueResult }
  /** This attempt was not taken and never will be; the leader, if one is known, may take another. */
  | { readonly type: 'elsewhere'; readonly leader: ProcessId | null }
  /** This attempt was not taken and never will be: too much is waiting. */
  | { readonly type: 'busy' }
  /** Of several attempts at this node one was not taken, and nobody can tell which. */
  | { readonly type: 'unclear'; readonly leader: ProcessId };

type Waiter = (outcome: Outcome) => void;

/** A client's latest operation, as long as it has no answer. */
interface Waiting {
  readonly seq: number;
  /** How often it has been handed to the protocol. */
  readonly attempts: number;
  /** Who waits for its answer: the latest attempt. */
  readonly waiter: Waiter;
}

export class KeyValueService implements User {
  readonly #waiting = new Map<string, Waiting>();

  constructor(
    readonly self: ProcessId,
    /** The node; there when the first request comes. */
    private readonly node: () => Pick<Node, 'request' | 'local'>,
    private readonly log: ReplicatedLog,
  ) {}

  /**
   * Asks for an operation. `done` is called at most once, and perhaps never: then the operation may have been executed, or
   * be executed later. A client's next attempt takes the place of the one before.
   */
  execute({ client, seq, op }: Request, done: Waiter): void {
    // Who knows nobody who leads would be silent.
    if ((this.standing()?.leader ?? null) === null) return done({ type: 'elsewhere', leader: null });
    if (!this.node().request(client, this.log.execute(seq, op))) return done({ type: 'busy' });
    const before = this.#waiting.get(client);
    const attempts = before?.seq === seq ? before.attempts + 1 : 1;
    this.#waiting.set(client, { seq, attempts, waiter: done });
  }

  /** Null before the node has started. */
  standing(): Standing | null {
    const { local } = this.node();
    return local === null ? null : this.log.standing(local.state, this.self);
  }

  respond(client: string, response: AnyTagged): void {
    const answer = this.log.answer(response);
    const waiting = this.#waiting.get(client);
    if (waiting?.seq !== answer.seq) return;
    this.#waiting.delete(client);
    const { attempts, waiter } = waiting;
    if (answer.type === 'executed') waiter({ type: 'executed', result: answer.result as KeyValueResult });
    else waiter({ type: attempts === 1 ? 'elsewhere' : 'unclear', leader: answer.leader });
  }

  indicate(): void {}
}
