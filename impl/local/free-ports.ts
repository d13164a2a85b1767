/** Ports on this machine that nobody has, and that nobody else is given for a while. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';

const HOST = '127.0.0.1';

/**
 * So many ports, for processes that are about to listen there. A connection has been made to each, and closed by the end
 * that listens: as long as the system remembers it (TIME_WAIT, a minute), it gives the port to nobody who asks for any
 * port, only to who asks for this one.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listening));
  return Promise.all(servers.map(reserved));
}

async function listening(): Promise<Server> {
  const server = createServer((socket) => socket.end()).listen(0, HOST);
  await once(server, 'listening');
  return server;
}

async function reserved(server: Server): Promise<number> {
  const { port } = server.address() as AddressInfo;
  await once(connect(port, HOST).resume(), 'close');
  server.close();
  await once(server, 'close');
  return port;
}
