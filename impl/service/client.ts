/**
 * A client of the key-value service: follows the leader, asks again until it has an answer, and says what it does not know.
 *
 * All attempts at an operation have the client's id and the operation's number, so that it is executed once however often
 * it is asked for. An operation ends in one of three ways: with its result; with {@link OperationFailed}, when no attempt
 * was taken; or with {@link OutcomeUnknown}, when one may have been, or may still be.
 */

import type { ProcessId } from '../../model/contract/protocol.ts';
import type { KeyValueOp, KeyValueResult } from '../../spec/key-value.ts';
import type { Clock } from '../node/ports.ts';
import type { HistorySink } from './client-history.ts';
import type { Request } from './key-value-service.ts';

/** The operation has not been executed and never will be. */
export class OperationFailed extends Error {
  override readonly name = 'OperationFailed';
}

/** The operation may have been executed, or may be executed later. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** What a node said to one attempt. */
export type Reply =
  | { readonly type: 'executed'; readonly result: KeyValueResult }
  /** Not taken here, and never will be. */
  | { readonly type: 'refused'; readonly leader: ProcessId | null; readonly why: string }
  /** It may have been taken. */
  | { readonly type: 'unknown'; readonly leader: ProcessId | null; readonly why: string };

/** Asks one node once. Always resolves, at the latest after the given time. */
export type Ask = (node: ProcessId, request: Request, timeoutMs: number) => Promise<Reply>;

export interface ClientOptions {
  /** Unique among all clients, ever: the service remembers each client's latest operation. */
  readonly id: string;
  readonly nodes: readonly ProcessId[];
  readonly ask: Ask;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Milliseconds in which one node must answer. Default 1000. */
  readonly attempt?: number;
  /** Milliseconds after which the client gives an operation up. Default 10,000. */
  readonly patience?: number;
  /** Milliseconds between attempts when nobody is known to lead. Default 50. */
  readonly pause?: number;
  readonly history?: HistorySink;
}

export class KeyValueClient {
  readonly #options: Required<Omit<ClientOptions, 'history'>> & Pick<ClientOptions, 'history'>;
  #seq = 0;
  #node: ProcessId;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: ClientOptions) {
    this.#options = { attempt: 1000, patience: 10_000, pause: 50, ...options };
    const [first] = options.nodes;
    if (first === undefined) throw new RangeError('a client needs at least one node to ask');
    this.#node = first;
  }

  async get(key: string): Promise<string | null> {
    return (await this.execute({ type: 'get', key })) as string | null;
  }

  async put(key: string, value: string): Promise<void> {
    await this.execute({ type: 'put', key, value });
  }

  /** Whether there was a value. */
  async delete(key: string): Promise<boolean> {
    return (await this.execute({ type: 'delete', key })) as boolean;
  }

  /** Whether the key had the expected value (null: none), so that it now has the new one. */
  async compareAndSet(key: string, expected: string | null, value: string): Promise<boolean> {
    return (await this.execute({ type: 'compare-and-set', key, expected, value })) as boolean;
  }

  /**
   * Operations of one client are executed one after the other, in the order of the calls.
   *
   * @throws OperationFailed, OutcomeUnknown
   */
  execute(op: KeyValueOp): Promise<KeyValueResult> {
    const executed = this.#busy.then(() => this.#execute(op));
    this.#busy = executed.catch(() => {});
    return executed;
  }

  async #execute(op: KeyValueOp): Promise<KeyValueResult> {
    const { id: client, clock, history, patience } = this.#options;
    this.#seq += 1;
    const request = { client, seq: this.#seq, op };
    const begun = clock.now();
    history?.({ type: 'invoke', ...request, at: begun });
    const reply = await this.#attempts(request, begun + patience);
    const at = clock.now();
    switch (reply.type) {
      case 'executed':
        history?.({ type: 'return', client, seq: request.seq, value: reply.result, at });
        return reply.result;
      case 'refused':
        history?.({ type: 'fail', client, seq: request.seq, at });
        throw new OperationFailed(`not executed: ${reply.why}`);
      case 'unknown':
        throw new OutcomeUnknown(`it may have been executed: ${reply.why}`);
    }
  }

  /** Asks until a node has executed it or time is up; unknown, once any attempt is. */
  async #attempts(request: Request, deadline: number): Promise<Reply> {
    const { ask, attempt, clock, pause } = this.#options;
    let last: Reply = { type: 'refused', leader: null, why: 'there was no time to ask' };
    let mayHaveHappened = false;
    for (let left = deadline - clock.now(); left > 0; left = deadline - clock.now()) {
      const asked = this.#node;
      last = await ask(asked, request, Math.min(attempt, left));
      if (last.type === 'executed') return last;
      mayHaveHappened ||= last.type === 'unknown';
      this.#turnTo(last.leader);
      if (last.leader === null || last.leader === asked) {
        await new Promise<void>((resolve) => void clock.after(pause, resolve));
      }
    }
    return { ...last, type: mayHaveHappened ? 'unknown' : 'refused' } as Reply;
  }

  /** To the leader, if one is known; else to the next node in turn. */
  #turnTo(leader: ProcessId | null): void {
    const { nodes } = this.#options;
    if (leader !== null && nodes.includes(leader)) this.#node = leader;
    else this.#node = nodes[(nodes.indexOf(this.#node) + 1) % nodes.length] ?? this.#node;
  }
}
