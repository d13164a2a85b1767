/** The write-once register over Paxos, by real nodes. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '../../../impl/host/config.ts';
import { type HostedNode, hostNode } from '../../../impl/host/host.ts';
import { freePorts } from '../../../impl/local/free-ports.ts';
import { openLog } from '../../../impl/log.ts';
import { servedParameters, serviceOf } from '../../../impl/service/services.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import { paxosSystem } from '../../../model/paxos/system.ts';

const directory = mkdtempSync(join(tmpdir(), 'lockstep-register-'));
const running: HostedNode[] = [];
afterAll(async () => {
  for (const hosted of running) await hosted.stop();
  rmSync(directory, { recursive: true });
});

async function started(node: string, nodes: Readonly<Record<string, string>>): Promise<HostedNode> {
  const parameters = servedParameters('paxos');
  const given = { system: 'paxos', parameters, node, nodes, data: join(directory, node), http: '127.0.0.1:0' };
  const config = readConfig(given, 'the test');
  const instance = paxosSystem.build(parameters, null) as ProcessInstance;
  const hosted = await hostNode(config, instance, openLog(node, 'silent'), serviceOf(config, instance));
  running.push(hosted);
  return hosted;
}

const url = ({ httpPort }: HostedNode) => `http://127.0.0.1:${httpPort}/register`;

async function put(hosted: HostedNode, value: string): Promise<unknown> {
  const response = await fetch(url(hosted), { method: 'PUT', body: JSON.stringify({ value }) });
  return response.json();
}

test('the first value stays; a proposer that nobody has answered yet tries again', async () => {
  const ports = await freePorts(3);
  const nodes = Object.fromEntries(ports.map((port, at) => [`n${at + 1}`, `127.0.0.1:${port}`]));
  const n1 = await started('n1', nodes);
  expect((await fetch(url(n1))).status).toBe(404);
  // Alone, n1 reaches no majority: what it sends is lost.
  const { steps } = n1.node.status;
  const first = put(n1, 'a');
  while (n1.node.status.steps === steps) await new Promise((resolve) => setTimeout(resolve, 5));
  const n2 = await started('n2', nodes);
  expect(await first).toEqual({ value: 'a', written: true });
  const n3 = await started('n3', nodes);
  expect(await put(n3, 'b')).toEqual({ value: 'a', written: false });
  expect(await (await fetch(url(n3))).json()).toEqual({ value: 'a' });
  expect(await put(n2, 'a')).toEqual({ value: 'a', written: true });
  expect((await fetch(url(n2), { method: 'POST' })).status).toBe(405);
});
