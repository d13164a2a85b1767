/**
 * Clients for requests that come without a client's number. The service remembers the latest operation of every client that
 * it has ever had; so a name is used again, with the next number, when its last request has certainly ended.
 */

import { randomUUID } from 'node:crypto';
import type { Request } from './key-value-service.ts';

/** Who asks, and the number of the request. */
export type Numbered = Pick<Request, 'client' | 'seq'>;

export class AnonymousClients {
  readonly #free: Numbered[] = [];

  /** A client that has no request under way, and its next number. Names are unique among all clients, ever. */
  take(): Numbered {
    const { client, seq } = this.#free.pop() ?? { client: `once-${randomUUID()}`, seq: 0 };
    return { client, seq: seq + 1 };
  }

  /** The request was executed, or was not taken and never will be. One of which that is not known keeps its name for ever. */
  giveBack({ client, seq }: Numbered): void {
    this.#free.push({ client, seq });
  }
}
