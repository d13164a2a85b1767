/** Taking an address. */

import type { Server } from 'node:net';
import { messageOf, UsageError } from '../../model/contract/errors.ts';
import { type Address, addressText } from './address.ts';

/**
 * Resolves when the server listens.
 *
 * @param whom who is to be heard there, for the message
 * @throws UsageError when the address cannot be had.
 */
export async function listening(server: Server, address: Address, whom: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another process has this port' : messageOf(error);
      reject(new UsageError(`cannot listen to ${whom} on ${addressText(address)}: ${why}`));
    });
    server.listen(address, resolve);
  });
}

/** The port of a server that listens: the one that the system has chosen, if 0 was asked for. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
