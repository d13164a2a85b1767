/** Proof that conformance can fail: runtimes that are broken in one way each, and what is said of them. */

import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { conform } from '../../../impl/conformance/conform.ts';
import type { Divergence } from '../../../impl/conformance/divergence.ts';
import { conformanceText } from '../../../impl/conformance/report.ts';
import { HISTORY_HEADER, type HistoryEvent, printHistoryEvent } from '../../../impl/service/client-history.ts';
import type { System } from '../../../model/contract/system.ts';
import { raftSystem } from '../../../model/raft/system.ts';
import { sequencePaxosSystem } from '../../../model/sequence-paxos/system.ts';
import type { KeyValueOp, KeyValueResult } from '../../../spec/key-value.ts';
import { Workshop } from '../../cli/program.ts';
import { type Sabotage, SeededCluster } from './seeded-cluster.ts';
import { runAtRandom } from './workloads.ts';

const workshop = new Workshop();

/** What is found of the first run, by seed, that goes wrong. */
function caught(name: string, system: System, sabotage: Sabotage): { divergence: Divergence; text: string } {
  for (let seed = 1; seed <= 20; seed++) {
    const cluster = runAtRandom(new SeededCluster(system, {}, seed, sabotage), 3000);
    const found = conform(cluster.files(`${workshop.path}/${name}`), cluster.instance);
    if (found.divergence === null) continue;
    return {
      divergence: found.divergence,
      text: conformanceText(cluster.instance, found, { width: 1000, color: false }),
    };
  }
  throw new Error('it was not caught in any run');
}

test('a node that sends before it persists', () => {
  const { divergence, text } = caught('early sends', raftSystem, { early: 'sends' });
  expect(divergence.rule).toBe('sent');
  expect(divergence.message).toMatch(
    /^step \d+ of n\d sent this, but the last step .* it was sent before it was persisted$/,
  );
  expect(text).toMatch(/where: .*\.trace\.jsonl:\d+, step \d+ of incarnation \d+ of n\d/);
});

test('a disk that says that it has written what it has not', () => {
  const { divergence } = caught('lying disk', raftSystem, { early: 'disk' });
  expect(divergence).toMatchObject({ rule: 'recovery', event: null });
});

test('a node that forgets its vote on restart', () => {
  const { divergence, text } = caught('vote', raftSystem, {
    recovered: (kept) => ({ ...(kept as object), votedFor: null }),
  });
  expect(divergence).toMatchObject({
    rule: 'recovery',
    message: 'what was recovered is not what was on disk',
    differences: [{ path: 'recovered.votedFor', model: expect.stringMatching(/^n\d$/), recorded: null }],
  });
  expect(text).toMatch(/recovered\.votedFor: model n\d, recorded none/);
});

test('a link that delivers a frame twice', () => {
  const { divergence } = caught('twice', raftSystem, { queued: (frames) => [...frames, ...frames.slice(-1)] });
  expect(divergence.rule).toBe('order');
  expect(divergence.message).toMatch(/^the message that step \d+ of n\d sent is received a second time$/);
});

test('a link that reorders', () => {
  const { divergence } = caught('reorder', raftSystem, {
    queued: (frames) => [...frames.slice(0, -2), ...frames.slice(-2).reverse()],
  });
  expect(divergence.rule).toBe('order');
  expect(divergence.message).toMatch(/comes out of order: what step \d+ sent before it \(\w+\) has not been received$/);
});

test('a runtime that drops linkDown', () => {
  const { divergence } = caught('linkDown', sequencePaxosSystem, { dropsLinkDown: true });
  expect(divergence.rule).toBe('sessions');
  expect(divergence.message).toContain('its linkDown is missing');
});

test('a node that applies an entry twice after a retry', () => {
  const broken = raftSystem.build({}, 'no-session');
  const { divergence, text } = caught('retry', raftSystem, {
    protocol: (sound) => (broken.kind === 'processes' ? (broken.processes[0]?.protocol ?? sound) : sound),
  });
  expect(divergence.rule).toBe('effects');
  expect(text).toMatch(/effects\[\d+\]/);
});

describe('a read that a deposed leader answers', () => {
  /** n1 leads and is cut off; n2 leads, and executes a second put. */
  function deposed() {
    const cluster = new SeededCluster(raftSystem, { machine: 'key-value', network: 'fifo' }, 1);
    const history: HistoryEvent[] = [];
    let at = 0;
    const operate = (client: string, op: KeyValueOp, answer: () => KeyValueResult) => {
      at += 2;
      history.push({ type: 'invoke', client, seq: at, op, at });
      history.push({ type: 'return', client, seq: at, value: answer(), at: at + 1 });
    };
    const put = (client: string, leader: string, value: string) => {
      const op = { type: 'put', key: 'x', value } as const;
      operate(client, op, () => {
        cluster.request(leader, client, { type: 'execute', seq: 1, op });
        cluster.calmDown();
        return (cluster.answers.find((answer) => answer.client === client)?.response.result ?? null) as KeyValueResult;
      });
    };
    cluster.connectAll();
    cluster.fire('n1', 'election');
    cluster.calmDown();
    put('c1', 'n1', 'old');
    for (const peer of ['n2', 'n3']) cluster.cut('n1', peer);
    cluster.fire('n2', 'election');
    cluster.calmDown();
    put('c2', 'n2', 'new');
    return { cluster, history, operate };
  }

  function judged(name: string, { cluster, history }: ReturnType<typeof deposed>) {
    const files = cluster.files(`${workshop.path}/${name}`);
    const path = `${workshop.path}/${name}/clients.history.jsonl`;
    writeFileSync(path, [HISTORY_HEADER, ...history.map(printHistoryEvent), ''].join('\n'));
    return conform(files, cluster.instance, { histories: [path] });
  }

  test('from its own state, is no order of what the clients did', () => {
    const run = deposed();
    const { machine } = run.cluster.stateOf('n1') as { machine: ReadonlyMap<string, string> };
    run.operate('c3', { type: 'get', key: 'x' }, () => machine.get('x') ?? null);
    expect(judged('deposed', run).divergence).toMatchObject({
      rule: 'linearizability',
      place: null,
      message: expect.stringContaining("no order explains c3's get x -> old"),
    });
  });

  test('what its successor answers is', () => {
    const run = deposed();
    run.operate('c3', { type: 'get', key: 'x' }, () => 'new');
    expect(judged('successor', run)).toMatchObject({ verdict: 'conforms', clients: { clients: 3, operations: 3 } });
  });
});

test('a durable field that is edited behind the back of the protocol', () => {
  const { divergence } = caught('edit', raftSystem, {
    written: (kept) => {
      const { currentTerm } = kept as { currentTerm: number };
      return currentTerm < 3 ? kept : { ...(kept as object), currentTerm: currentTerm - 1 };
    },
  });
  expect(divergence.rule).toBe('recovery');
  expect(divergence.differences).toMatchObject([{ path: 'recovered.currentTerm' }]);
});
