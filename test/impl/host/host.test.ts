/** A cluster of real nodes: it agrees, it recovers, it tells of itself. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecordingLine } from '../../../model/contract/recording.ts';
import { paxosSystem } from '../../../model/paxos/system.ts';
import { raftSystem } from '../../../model/raft/system.ts';
import { certificatesOf } from '../certificates/files.ts';
import { inDirectory } from '../directory.ts';
import { type Running, TestCluster, until } from './cluster.ts';

test('three nodes agree over TCP, and a node that was stopped knows it afterwards', () =>
  inDirectory((directory) =>
    TestCluster.run(paxosSystem, directory, {}, async (cluster) => {
      const nodes = await cluster.startAll();
      const [n1, n2] = nodes;
      await until(() => nodes.every(({ node }) => node.status.peersUp.length === 2));
      n1?.node.request('c1', { type: 'propose', value: 'a' });
      n2?.node.request('c2', { type: 'propose', value: 'b' });
      await until(() => nodes.every(({ told }) => told.length > 0));
      const decided = nodes[0]?.told[0];
      for (const { told } of nodes) expect(told).toEqual([decided]);
      await cluster.stop('n1');
      const again = await cluster.start('n1');
      expect(again.node.local?.state).toMatchObject({ decided: decided?.value });
      expect(again.logged.join('')).toContain('"incarnation":2');
    }),
  ));

test('peers learn that a session is lost, and that there is a new one', () =>
  inDirectory((directory) =>
    TestCluster.run(paxosSystem, directory, { parameters: { nodes: 2 } }, async (cluster) => {
      const n1 = await cluster.start('n1', { trace: directory });
      for (let incarnation = 1; incarnation <= 3; incarnation++) {
        await cluster.start('n2');
        await until(() => n1.node.status.peersUp.length === 1);
        await cluster.stop('n2');
        await until(() => n1.node.status.peersUp.length === 0);
      }
      const lines = readFileSync(join(directory, 'n1.trace.jsonl'), 'utf8').trimEnd().split('\n');
      const steps = lines
        .map((line) => readRecordingLine(line, 'n1'))
        .flatMap((line) => (line.kind === 'step' ? [line.step] : []));
      const links = steps.filter(({ session }) => session !== null);
      expect(links.map(({ event }) => event.type)).toEqual(Array(3).fill(['linkUp', 'linkDown']).flat());
      const sessions = links.map(({ session }) => session);
      expect(new Set(sessions).size).toBe(3);
      expect(sessions.filter((_, index) => index % 2 === 0)).toEqual(sessions.filter((_, index) => index % 2 === 1));
    }),
  ));

test('health and metrics tell of the node', () =>
  inDirectory((directory) =>
    TestCluster.run(raftSystem, directory, { parameters: { nodes: 1 } }, async (cluster) => {
      const { node, httpPort } = await cluster.start('n1');
      const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${httpPort}${path}`);
      await until(() => node.status.steps > 1);
      const health = await get('/health');
      expect(health.status).toBe(200);
      expect(await health.json()).toMatchObject({ status: 'ok', node: 'n1', protocol: 'raft', incarnation: 1 });
      const metrics = await (await get('/metrics')).text();
      expect(metrics).toMatch(/^lockstep_commit_seconds_count [1-9]/m);
      expect(metrics).toMatch(/^lockstep_steps_total [1-9]/m);
      expect((await get('/nothing')).status).toBe(404);
    }),
  ));

test('TLS: nodes of one authority talk', () =>
  inDirectory((directory) =>
    TestCluster.run(paxosSystem, directory, { parameters: { nodes: 2 } }, async (cluster) => {
      const nodes: Running[] = [];
      for (const id of ['n1', 'n2']) nodes.push(await cluster.start(id, { tls: certificatesOf('ours', id) }));
      await until(() => nodes.every(({ node }) => node.status.peersUp.length === 1));
    }),
  ));
