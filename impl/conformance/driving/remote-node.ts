/** A driven node as the scheduler sees it: a child process, and what it holds of its peers. */

import { type ChildProcess, fork } from 'node:child_process';
import type { ProcessId } from '../../../model/contract/protocol.ts';
import type { Answer, Held, Order, Word } from './orders.ts';

/** After so long, in milliseconds, what was waited for will not come. */
const PATIENCE = 60_000;

/** What a scheduler waited for in vain; a node that fails. */
export class DrivingFailed extends Error {
  override readonly name = 'DrivingFailed';
}

export class RemoteNode {
  #child: ChildProcess;
  #held = new Map<ProcessId, Held[]>();
  #answer: ((word: Answer | Error) => void) | null = null;
  #news: (() => void) | null = null;

  /** @param program the file of driven-node */
  constructor(
    readonly id: ProcessId,
    private readonly program: string,
  ) {
    this.#child = this.#forked();
  }

  /** What has arrived from a peer and has not been released, in order. */
  heldFrom(peer: ProcessId): readonly Held[] {
    return this.#held.get(peer) ?? [];
  }

  /** @throws DrivingFailed when the node cannot do it. */
  async order(order: Order): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#answer = (word) => (word instanceof Error ? reject(word) : resolve(word));
    });
    this.#child.send(order);
    return answer;
  }

  /** Hands on what is held from a peer at a place. */
  release(peer: ProcessId, at: number): Promise<Answer> {
    const queue = this.#held.get(peer) ?? [];
    const [released] = queue.splice(at, 1);
    if (released?.kind === 'linkDown') queue.splice(0, at);
    return this.order({ type: 'release', peer, at });
  }

  async discard(peer: ProcessId, count: number): Promise<void> {
    this.#held.get(peer)?.splice(0, count);
    await this.order({ type: 'discard', peer, count });
  }

  forget(): void {
    this.#held = new Map();
  }

  /** Until something is so that changes only when something arrives at this node. */
  async until(isSo: () => boolean, what: () => string): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!isSo()) {
      const left = deadline - Date.now();
      if (left <= 0) throw new DrivingFailed(`${this.id} waited in vain for ${what()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#news = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.#child;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    this.forget();
  }

  restart(): void {
    this.#child = this.#forked();
  }

  #forked(): ChildProcess {
    const child = fork(this.program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('message', (word: Word) => this.#hear(word));
    child.on('exit', (code, signal) => {
      if (child === this.#child) this.#answer?.(new DrivingFailed(`${this.id} is gone: ${signal ?? code}`));
    });
    return child;
  }

  #hear(word: Word): void {
    switch (word.type) {
      case 'held': {
        const queue = this.#held.get(word.peer) ?? [];
        queue.push(word);
        this.#held.set(word.peer, queue);
        this.#news?.();
        return;
      }
      case 'failed':
        this.#answer?.(new DrivingFailed(`${this.id}: ${word.why}`));
        return;
      case 'answer':
        this.#answer?.(word);
    }
  }
}
