/** The key-value service over HTTP, by a real node: what clients get wrong harms nothing; and clients with certificates. */

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { type GivenConfig, readConfig } from '../../../impl/host/config.ts';
import { type HostedNode, hostNode } from '../../../impl/host/host.ts';
import { openLog } from '../../../impl/log.ts';
import { systemClock } from '../../../impl/node/clock.ts';
import { KeyValueClient, OutcomeUnknown } from '../../../impl/service/client.ts';
import { type ClientCredentials, httpAsk } from '../../../impl/service/http-ask.ts';
import { servedParameters, serviceOf } from '../../../impl/service/services.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import type { State } from '../../../model/raft/state.ts';
import { raftSystem } from '../../../model/raft/system.ts';
import { certificatesOf } from '../certificates/files.ts';
import { inDirectory } from '../directory.ts';

/** A cluster of one, which has a leader when the test begins. */
async function withNode(settings: Partial<GivenConfig>, work: (node: HostedNode) => Promise<void>): Promise<void> {
  const parameters = { ...servedParameters('raft'), nodes: 1 };
  const given = { system: 'raft', parameters, node: 'n1', nodes: { n1: '127.0.0.1:0' }, http: '127.0.0.1:0' };
  const config = readConfig({ ...given, ephemeral: true, ...settings }, 'the test');
  const instance = raftSystem.build(parameters, null) as ProcessInstance;
  const hosted = await hostNode(config, instance, openLog('n1', 'silent'), serviceOf(config, instance));
  try {
    while ((hosted.node.local?.state as State | undefined)?.role.kind !== 'leader') {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await work(hosted);
  } finally {
    await hosted.stop();
  }
}

function stateOf({ local }: HostedNode['node']): State {
  if (local === null) throw new Error('the node has not started');
  return local.state as State;
}

/** All that the node answers to these bytes, until it closes the connection. */
function answerTo(port: number | null, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port ?? 0, '127.0.0.1', () => socket.write(request));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

const asking = (method: string, path: string, body = ''): string =>
  `${method} ${path} HTTP/1.1\r\nhost: node\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

const execution = (change: object): string =>
  JSON.stringify({ client: 'c', seq: 1, op: { type: 'put', key: 'x', value: 'evil' }, ...change });

test.each<[what: string, request: string, status: number, why: string]>([
  ['no HTTP', 'hello\r\n\r\n', 400, ''],
  ['a path that is no URL', asking('GET', '//'), 404, 'there is nothing at GET //'],
  ['a host that is none', asking('GET', 'http://[/kv/x'), 404, 'there is nothing at'],
  ['a key that is not encoded', asking('PUT', '/kv/%zz', '{"value": "evil"}'), 400, 'is not a key'],
  ['no key', asking('PUT', '/kv/', '{"value": "evil"}'), 400, 'Too small'],
  ['a key that is too long', asking('PUT', `/kv/${'k'.repeat(1025)}`, '{"value": "evil"}'), 400, 'Too big'],
  ['another method', asking('PATCH', '/kv/x', '{"value": "evil"}'), 405, 'is not for a key'],
  ['a body that is not JSON', asking('PUT', '/kv/x', 'evil'), 400, 'the body is not JSON'],
  ['a body of another shape', asking('PUT', '/kv/x', '{"worth": "evil"}'), 400, 'value'],
  ['a field __proto__', asking('PUT', '/kv/x', '{"value": "evil", "__proto__": {"a": 1}}'), 400, '__proto__'],
  ['a field too many', asking('POST', '/execute', execution({ colour: 'red' })), 400, 'colour'],
  ['an operation that there is not', asking('POST', '/execute', execution({ op: { type: 'drop' } })), 400, 'op'],
  ['a number before the first', asking('POST', '/execute', execution({ seq: 0 })), 400, 'seq'],
  ['a name that means something', asking('POST', '/execute', execution({ client: '__proto__' })), 400, 'client'],
  ['a body that is too long', asking('PUT', '/kv/x', `"${'evil'.repeat(70_000)}"`), 413, 'at most 262144 bytes'],
])('%s is refused, and nothing happens', (_what, request, status, why) =>
  withNode({}, async ({ httpPort }) => {
    const answer = await answerTo(httpPort, request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(why);
    const url = `http://127.0.0.1:${httpPort}/kv/x`;
    expect(await (await fetch(url)).json()).toEqual({ key: 'x', value: null });
    await fetch(url, { method: 'PUT', body: '{"value": "1"}' });
    expect(await (await fetch(url)).json()).toEqual({ key: 'x', value: '1' });
  }),
);

/** Names that mean something to JavaScript. */
const MEANING = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '$set'];

test('a key, a value and a client may be called what they like, and are there after a restart', () =>
  inDirectory(async (directory) => {
    const settings = { ephemeral: false, data: directory };
    const urlOf = ({ httpPort }: HostedNode, path: string) => `http://127.0.0.1:${httpPort}${path}`;
    const execute = async (node: HostedNode, client: string, op: object): Promise<unknown> =>
      (await fetch(urlOf(node, '/execute'), { method: 'POST', body: JSON.stringify({ client, seq: 1, op }) })).json();
    await withNode(settings, async (node) => {
      for (const name of MEANING) {
        const url = urlOf(node, `/kv/${name}`);
        expect(await (await fetch(url)).json()).toEqual({ key: name, value: null });
        expect(await (await fetch(url, { method: 'DELETE' })).json()).toEqual({ key: name, deleted: false });
        await fetch(url, { method: 'PUT', body: JSON.stringify({ value: name }) });
        const swap = { method: 'PUT', body: JSON.stringify({ value: `new ${name}`, expected: name }) };
        expect(await (await fetch(url, swap)).json()).toEqual({ key: name, swapped: true });
      }
      for (const client of ['constructor', 'toString'])
        expect(await execute(node, client, { type: 'put', key: client, value: client })).toEqual({ result: null });
    });
    await withNode(settings, async (node) => {
      // Again, as the same number of the same client: not executed again.
      await execute(node, 'toString', { type: 'put', key: 'toString', value: 'again' });
      for (const name of MEANING) {
        const value = ['constructor', 'toString'].includes(name) ? name : `new ${name}`;
        expect(await (await fetch(urlOf(node, `/kv/${name}`))).json()).toEqual({ key: name, value });
      }
    });
    expect({}).not.toHaveProperty('value');
  }));

test('a client that goes away amid its request harms nobody', () =>
  withNode({}, async ({ httpPort }) => {
    const socket = connect(httpPort ?? 0, '127.0.0.1');
    socket.write('PUT /kv/x HTTP/1.1\r\nhost: node\r\ncontent-length: 100\r\n\r\n{"value": ');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    const url = `http://127.0.0.1:${httpPort}/kv/x`;
    expect(await (await fetch(url)).json()).toEqual({ key: 'x', value: null });
  }));

test('requests without a number, one after the other, are remembered as those of one client', () =>
  withNode({}, async ({ node, httpPort }) => {
    const url = `http://127.0.0.1:${httpPort}/kv/x`;
    for (let count = 0; count < 20; count++) {
      await fetch(url, { method: 'PUT', body: JSON.stringify({ value: String(count) }) });
      expect(await (await fetch(url)).json()).toEqual({ key: 'x', value: String(count) });
    }
    const { sessions } = stateOf(node);
    expect([...sessions.values()]).toEqual([{ seq: 40, result: '19' }]);
  }));

test('requests without a number, all at once, are those of as many clients', () =>
  withNode({}, async ({ node, httpPort }) => {
    const put = (name: string) =>
      fetch(`http://127.0.0.1:${httpPort}/kv/${name}`, { method: 'PUT', body: '{"value": "1"}' });
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(names.map(put));
      expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    }
    const { sessions, machine } = stateOf(node);
    expect((machine as ReadonlyMap<string, string>).size).toBe(names.length);
    expect((sessions as ReadonlyMap<string, unknown>).size).toBeLessThanOrEqual(names.length);
  }));

test('TLS: a client with a certificate of the authority is served; one without gets no answer', () =>
  withNode({ tls: certificatesOf('ours', 'n1') }, async ({ httpPort }) => {
    const asked = (files: { ca: string; cert: string; key: string }, patience: number) => {
      const read = ([name, file]: [string, string]) => [name, readFileSync(file)];
      const credentials = Object.fromEntries(Object.entries(files).map(read)) as unknown as ClientCredentials;
      const { ask, close } = httpAsk(new Map([['n1', `https://127.0.0.1:${httpPort}`]]), credentials);
      return { client: new KeyValueClient({ id: 'c', nodes: ['n1'], ask, clock: systemClock, patience }), close };
    };
    const ours = asked(certificatesOf('ours', 'client'), 120_000);
    await ours.client.put('x', '1');
    const other = asked(certificatesOf('other', 'n1'), 1500);
    await expect(other.client.put('x', 'evil')).rejects.toThrow(OutcomeUnknown);
    expect(await ours.client.get('x')).toBe('1');
    ours.close();
    other.close();
  }));
