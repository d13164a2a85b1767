/**
 * A process that answers each request over HTTP at once, having read its body: what Node takes for a request and an answer
 * when nothing is made of them. Prints its port; ends with its parent.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER = '{"result":null}\n';

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
    response.end(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.stdin.resume().on('end', () => process.exit());
