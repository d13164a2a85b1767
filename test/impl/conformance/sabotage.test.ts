/** Proof that conformance can fail: runtimes that are broken in one way each, and what is said of them. */

import { expect, test } from 'vitest';
import { conform } from '../../../impl/conformance/conform.ts';
import type { Divergence } from '../../../impl/conformance/divergence.ts';
import { conformanceText } from '../../../impl/conformance/report.ts';
import type { System } from '../../../model/contract/system.ts';
import { raftSystem } from '../../../model/raft/system.ts';
import { sequencePaxosSystem } from '../../../model/sequence-paxos/system.ts';
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
