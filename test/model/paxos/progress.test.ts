/** Progress of Paxos with a single proposer: over ordered links it decides; over unordered ones it can be in its own way. */

import { expect, test } from 'vitest';
import { buildGraph } from '../../../explorer/graph/build.ts';
import { judgeTemporal } from '../../../explorer/liveness/judge-temporal.ts';
import { eventually, type Snapshot, weaklyFair } from '../../../model/contract/index.ts';
import { paxosSystem } from '../../../model/paxos/system.ts';

interface Seen extends Snapshot<unknown, { readonly decisions: object }> {}

const decides = eventually('a value is decided', ({ history }: Seen) => Object.keys(history.decisions).length > 0);
const fairness = [weaklyFair('request'), weaklyFair('receive')];

async function verdictOver(network: string) {
  const graph = await buildGraph(paxosSystem.build({ proposers: 1, network }, null));
  return judgeTemporal(graph, [decides as never], fairness)[0];
}

test('over fifo links a single proposer decides', async () => {
  expect(await verdictOver('fifo')).toEqual({ verdict: 'holds' });
});

test('over a bag an acceptor may get the Accept before the Prepare, refuse the latter, and the proposer gives up', async () => {
  const verdict = await verdictOver('bag');
  expect(verdict?.verdict).toBe('violated');
  if (verdict?.verdict !== 'violated') return;
  const { events, loop } = verdict.run;
  expect(loop).toBe(events.length);
  const received = events.flatMap((event) =>
    event.type === 'receive' ? [`${event.process} ${event.message.type}`] : [],
  );
  const at = received.indexOf('n1 Refused');
  expect(at).toBeGreaterThan(0);
  expect(received.slice(0, at)).toContain('n3 Prepare');
  expect(received.indexOf('n3 Accept')).toBeLessThan(received.indexOf('n3 Prepare'));
});
