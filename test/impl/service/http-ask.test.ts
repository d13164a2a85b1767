/** Asking over HTTP: what is certain when no answer comes. */

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { freePorts } from '../../../impl/local/free-ports.ts';
import { httpAsk } from '../../../impl/service/http-ask.ts';

const REQUEST = { client: 'c', seq: 1, op: { type: 'put', key: 'x', value: '1' } } as const;
/** Milliseconds. */
const SHORT = 50;

/** Asks at a port; if the program stands still from then on, until it is too late for an answer. */
async function asked(port: number, standsStill: boolean): Promise<string> {
  const { ask, close } = httpAsk(new Map([['n1', `http://127.0.0.1:${port}`]]));
  const reply = ask('n1', REQUEST, SHORT);
  if (standsStill) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * SHORT);
  const { type } = await reply;
  close();
  return type;
}

test('where nobody listens, the request was not heard; also when that is noticed too late', async () => {
  const [port = 0] = await freePorts(1);
  expect(await asked(port, false)).toBe('refused');
  expect(await asked(port, true)).toBe('refused');
});

test('where somebody listens and is silent, it may have been', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await asked(port, false)).toBe('unknown');
  for (const socket of sockets) socket.destroy();
  server.close();
});
