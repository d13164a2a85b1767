/** What a real node is sent that no peer sends: one thing is refused, with a line that says why, and nothing else is harmed. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GivenConfig } from '../../../impl/host/config.ts';
import type { Card } from '../../../impl/wire/handshake.ts';
import { paxosSystem } from '../../../model/paxos/system.ts';
import { certificatesOf } from '../certificates/files.ts';
import { inDirectory } from '../directory.ts';
import { type Running, TestCluster, until } from './cluster.ts';
import { Intruder } from './intruder.ts';

/** What n1 would show. */
const CARD: Card = { cluster: 'lockstep', node: 'n1', protocol: 'paxos', protocolVersion: 1, incarnation: 1 };

/** So much time that it is no limit, however busy the machine is: each test shortens what it is about. */
const patient = { handshake: 600_000, silence: 600_000, slowFrame: 600_000 };
const limits = { ...patient, ping: 50, frame: 65_536, strangers: 16 };

/** A cluster of n1, n2 and n3, of which n2 and n3 run and have a session; n1 is whoever claims to be it. */
async function withVictim(
  work: (victim: Running, cluster: TestCluster) => Promise<void>,
  settings: Partial<GivenConfig> = {},
): Promise<void> {
  await inDirectory((directory) =>
    TestCluster.run(paxosSystem, directory, { limits, ...settings }, async (cluster) => {
      const victim = await cluster.start('n2');
      await cluster.start('n3');
      await until(() => victim.node.status.peersUp.includes('n3'));
      await work(victim, cluster);
      // Whatever happened: the node is well, and still talks to its peer.
      await until(() => victim.node.status.peersUp.includes('n3'));
      const { status } = await fetch(`http://127.0.0.1:${victim.httpPort}/health`);
      expect(status).toBe(200);
      victim.node.request('c', { type: 'propose', value: 'a' });
      await until(() => victim.told.length > 0);
    }),
  );
}

/** The warnings that a node has logged. */
function warnings({ logged }: Running): string {
  return logged.filter((line) => line.includes('"level":"warn"')).join('');
}

test.each<[what: string, send: (intruder: Intruder) => void, why: string]>([
  ['noise', (to) => to.bytes(Buffer.from('GET / HTTP/1.1\r\n\r\n')), 'frames here have 1 to 4096'],
  ['an empty frame', (to) => to.bytes(Buffer.alloc(8)), 'a frame of 0 bytes'],
  ['a frame that is no MessagePack', (to) => to.bytes(Buffer.from([0, 0, 0, 2, 0xc1, 0xc1])), 'no MessagePack'],
  ['an endless nest', (to) => to.bytes(Buffer.from([0, 0, 0x10, 0, ...Array(4096).fill(0x91)])), 'MessagePack'],
  ['a large first frame', (to) => to.say('x'.repeat(5000)), 'frames here have 1 to 4096'],
  ['no Hello', (to) => to.say({ hello: 'you' }), 'no Hello'],
  ['another wire version', (to) => to.say({ lockstep: 99, hello: CARD, to: 'n2', session: 's' }), 'no Hello'],
  [
    'another cluster',
    (to) => to.greet({ ...CARD, cluster: 'other' }, 'n2'),
    "is of cluster 'other', not of 'lockstep'",
  ],
  [
    'another protocol',
    (to) => to.greet({ ...CARD, protocol: 'raft' }, 'n2'),
    'runs raft version 1, not paxos version 1',
  ],
  ['another version', (to) => to.greet({ ...CARD, protocolVersion: 2 }, 'n2'), 'runs paxos version 2'],
  ['a stranger', (to) => to.greet({ ...CARD, node: 'n9' }, 'n2'), 'node n9 is no peer of n2'],
  ['itself', (to) => to.greet({ ...CARD, node: 'n2' }, 'n2'), 'node n2 is no peer of n2'],
  ['one who means another', (to) => to.greet(CARD, 'n3'), 'this is n2, not n3'],
])('before the handshake is over: %s', (_what, send, why) =>
  withVictim(async (victim) => {
    const intruder = await Intruder.at(victim.port);
    send(intruder);
    await until(() => intruder.isClosed);
    expect(warnings(victim)).toContain(why);
    expect(victim.node.status.peersUp).toEqual(['n3']);
  }),
);

test.each<[what: string, send: (intruder: Intruder) => void, why: string]>([
  ['no message', (to) => to.say('hello'), 'a frame that is no message'],
  ['a message that protocol does not have', (to) => to.say([1, 0, { type: 'Heartbeat' }]), 'does not fit its schema'],
  [
    'a field too many',
    (to) => to.say([1, 0, { type: 'Decided', value: 'a', colour: 'red' }]),
    'does not fit its schema',
  ],
  ['a field of another type', (to) => to.say([1, 0, { type: 'Decided', value: 7 }]), 'does not fit its schema: value'],
  ['a step before the first', (to) => to.say([0, 0, { type: 'Decided', value: 'a' }]), 'a frame that is no message'],
  [
    'a nest in a message',
    (to) => to.bytes(Buffer.from([0, 0, 0x10, 3, 0x93, 1, 0, ...Array(4095).fill(0x91), 1])),
    'a message that',
  ],
  ['a frame beyond the limit', (to) => to.bytes(Buffer.from([0, 1, 0, 1])), 'frames here have 1 to 65536'],
])('on a session: %s', (_what, send, why) =>
  withVictim(async (victim) => {
    const intruder = (await Intruder.at(victim.port)).greet(CARD, 'n2');
    await until(() => victim.node.status.peersUp.includes('n1'));
    send(intruder);
    await until(() => intruder.isClosed);
    await until(() => !victim.node.status.peersUp.includes('n1'));
    expect(warnings(victim)).toMatch(/session with n1 lost: a (frame|message)/);
    expect(warnings(victim)).toContain(why);
    // Nothing of it has reached the protocol.
    expect(victim.told).toEqual([]);
  }),
);

test('a handshake that comes a byte at a time is not waited for', () =>
  withVictim(
    async (victim) => {
      const intruder = (await Intruder.at(victim.port)).bytes(Buffer.from([0, 0, 1, 0]));
      const drip = setInterval(() => intruder.bytes(Buffer.from([1])), 40);
      await until(() => intruder.isClosed);
      clearInterval(drip);
      expect(warnings(victim)).toContain('no handshake within 300 ms');
    },
    { limits: { ...limits, handshake: 300 } },
  ));

test('a frame that comes a byte at a time is not waited for', () =>
  withVictim(
    async (victim) => {
      const intruder = (await Intruder.at(victim.port)).greet(CARD, 'n2');
      await until(() => intruder.received.length > 0);
      intruder.bytes(Buffer.from([0, 0, 1, 0]));
      const drip = setInterval(() => intruder.bytes(Buffer.from([1])), 40);
      await until(() => intruder.isClosed);
      clearInterval(drip);
      expect(victim.logged.join('')).toContain('a frame has not ended after 200 ms');
    },
    { limits: { ...limits, slowFrame: 200 } },
  ));

test('a peer that says nothing is given up', () =>
  withVictim(
    async (victim) => {
      const intruder = (await Intruder.at(victim.port)).greet(CARD, 'n2');
      await until(() => intruder.isClosed);
      expect(victim.logged.join('')).toContain('nothing has come for 400 ms');
    },
    { limits: { ...limits, silence: 400 } },
  ));

test('a peer that does not read is given up when too much waits for it', () =>
  inDirectory((directory) =>
    TestCluster.run(
      paxosSystem,
      directory,
      { limits: { ...patient, frame: 2 ** 24, queued: 2 ** 24 } },
      async (cluster) => {
        const victim = await cluster.start('n2');
        await cluster.start('n3');
        const intruder = (await Intruder.at(victim.port)).greet(CARD, 'n2');
        await until(() => victim.node.status.peersUp.length === 2);
        intruder.socket.pause();
        // The value goes out twice: in Accept, and in Decided.
        victim.node.request('c', { type: 'propose', value: 'a'.repeat(15_000_000) });
        await until(() => !victim.node.status.peersUp.includes('n1'));
        expect(victim.logged.join('')).toContain('session with n1 lost: the other end does not keep up');
        await until(() => victim.told.length > 0);
        expect(victim.node.status.peersUp).toEqual(['n3']);
        intruder.socket.destroy();
      },
    ),
  ));

const CROWD = process.env.LOCKSTEP_FULL === '1' ? 10_000 : 500;

test(`${CROWD} idle connections do not keep a peer out`, () =>
  withVictim(async (victim, cluster) => {
    const crowd: Intruder[] = [];
    for (let index = 0; index < CROWD; index++) crowd.push(await Intruder.at(victim.port));
    const n1 = await cluster.start('n1');
    await until(() => n1.node.status.peersUp.includes('n2'));
    await until(() => crowd.filter(({ isClosed }) => isClosed).length >= CROWD - limits.strangers);
    expect(victim.logged.filter((line) => line.includes('too many connections')).length).toBeLessThan(10);
    for (const { socket } of crowd) socket.destroy();
  }));

test.each([
  ['no certificate', null, 'n1'],
  ['a certificate of another authority', 'other', 'n1'],
  ['the certificate of another node', 'ours', 'n3'],
])('TLS: a peer with %s is not let in', (_what, authority, name) =>
  inDirectory((directory) =>
    TestCluster.run(paxosSystem, directory, { limits }, async (cluster) => {
      const n2 = await cluster.start('n2', { tls: certificatesOf('ours', 'n2') });
      const n3 = await cluster.start('n3', { tls: certificatesOf('ours', 'n3') });
      const tls = authority === null ? {} : { tls: certificatesOf(authority, name) };
      const n1 = await cluster.start('n1', tls);
      await until(() => warnings(n2).includes('refused') || n1.logged.join('').includes('certificate'));
      await until(() => [n2, n3].every(({ node }) => node.status.peersUp.length > 0));
      expect([n1, n2, n3].map(({ node }) => node.status.peersUp)).toEqual([[], ['n3'], ['n2']]);
    }),
  ),
);

test('TLS: a client needs a certificate of the authority too', () =>
  inDirectory((directory) =>
    TestCluster.run(paxosSystem, directory, { limits, parameters: { nodes: 1 } }, async (cluster) => {
      const n1 = await cluster.start('n1', { tls: certificatesOf('ours', 'n1') });
      const ask = (authority: string, name: string) => statusOf(n1.httpPort, certificatesOf(authority, name));
      expect(await ask('ours', 'client')).toBe(200);
      expect(await ask('other', 'n1')).toMatch(/^E|alert/);
      const { ca } = certificatesOf('ours', 'client');
      expect(await statusOf(n1.httpPort, { ca })).toMatch(/^E|alert/);
      expect(await ask('ours', 'client')).toBe(200);
    }),
  ));

/** The status of a node's health, asked for with these certificates; or the code of the error. */
function statusOf(port: number | null, files: { ca: string; cert?: string; key?: string }): Promise<number | string> {
  const read = ([name, file]: [string, string]) => [name, readFileSync(file)] as const;
  const credentials = Object.fromEntries(Object.entries(files).map(read));
  return new Promise((resolve) => {
    const asked = get({ ...credentials, host: '127.0.0.1', port, path: '/health', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

test('a port in use', () =>
  withVictim(async (victim, cluster) => {
    const address = `127.0.0.1:${victim.port}`;
    await expect(cluster.start('n1', { listen: address })).rejects.toThrow(
      `cannot listen to the peers on ${address}: another process has this port`,
    );
    await expect(cluster.start('n1', { http: address })).rejects.toThrow('cannot listen to clients on');
  }));

test('a data directory in use, and one of another node', () =>
  withVictim(async (_victim, cluster) => {
    const data = join(cluster.directory, 'n2');
    await expect(cluster.start('n1', { data })).rejects.toThrow(`${data} is in use by another process`);
    await cluster.stop('n3');
    await expect(cluster.start('n1', { data: join(cluster.directory, 'n3') })).rejects.toThrow(
      'has the state of node n3 of cluster lockstep',
    );
    const n3 = await cluster.start('n3');
    await until(() => n3.node.status.peersUp.includes('n2'));
  }));

test.each<[what: string, harm: (bytes: Buffer) => Buffer]>([
  [
    'a flipped bit',
    (bytes) => {
      bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 4;
      return bytes;
    },
  ],
  ['a truncated tail', (bytes) => bytes.subarray(0, -20)],
])('a store with %s: the node does not start', (_what, harm) =>
  withVictim(async (_victim, cluster) => {
    const n1 = await cluster.start('n1');
    await until(() => n1.node.status.peersUp.length > 0);
    n1.node.request('c', { type: 'propose', value: 'a' });
    await until(() => n1.told.length > 0);
    await cluster.stop('n1');
    const state = join(cluster.directory, 'n1', 'state');
    const log = join(state, readdirSync(state).find((file) => file.endsWith('.log')) ?? '');
    writeFileSync(log, harm(readFileSync(log)));
    await expect(cluster.start('n1')).rejects.toThrow(/the store in .* is damaged: .*The node does not start/);
  }),
);
