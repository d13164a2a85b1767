/** The client against scripted nodes: whom it asks, how often, and what it says in the end. */

import { describe, expect, test } from 'vitest';
import { type Ask, KeyValueClient, OperationFailed, OutcomeUnknown, type Reply } from '../../../impl/service/client.ts';
import type { HistoryEvent } from '../../../impl/service/client-history.ts';

const refused = (leader: string | null): Reply => ({ type: 'refused', leader, why: 'refused' });
const unknown: Reply = { type: 'unknown', leader: null, why: 'silence' };
const executed: Reply = { type: 'executed', result: 'v' };

/** A client whose nodes give these replies, one after the other, the last one for ever; each takes 100 ms. */
function client(...replies: readonly Reply[]) {
  let now = 0;
  const asked: string[] = [];
  const history: HistoryEvent[] = [];
  const ask: Ask = async (node, { client: id, seq, op }) => {
    asked.push(`${node} ${id} ${seq} ${op.type}`);
    now += 100;
    return replies[Math.min(asked.length, replies.length) - 1] ?? unknown;
  };
  const clock = {
    now: () => now,
    after: (ms: number, run: () => void) => {
      now += ms;
      run();
      return () => {};
    },
  };
  return {
    kv: new KeyValueClient({
      id: 'c',
      nodes: ['n1', 'n2', 'n3'],
      ask,
      clock,
      patience: 1000,
      history: (e) => history.push(e),
    }),
    asked,
    history,
  };
}

describe('a client', () => {
  test('follows the leader, and stays with it', async () => {
    const { kv, asked } = client(refused('n3'), executed);
    expect(await kv.get('x')).toBe('v');
    await kv.get('x');
    expect(asked).toEqual(['n1 c 1 get', 'n3 c 1 get', 'n3 c 2 get']);
  });

  test('who is told of no leader asks the next node', async () => {
    const { kv, asked } = client(refused(null), refused(null), executed);
    await kv.get('x');
    expect(asked).toEqual(['n1 c 1 get', 'n2 c 1 get', 'n3 c 1 get']);
  });

  test('asks again after silence, with the same number', async () => {
    const { kv, asked, history } = client(unknown, executed);
    await kv.put('x', '1');
    expect(asked).toEqual(['n1 c 1 put', 'n2 c 1 put']);
    expect(history.map(({ type }) => type)).toEqual(['invoke', 'return']);
  });

  test('says that an operation failed only when no attempt was taken', async () => {
    const { kv, history } = client(refused(null));
    await expect(kv.put('x', '1')).rejects.toThrow(OperationFailed);
    expect(history.map(({ type }) => type)).toEqual(['invoke', 'fail']);
  });

  test('says that it does not know when any attempt was met with silence, whatever came later', async () => {
    const { kv, history } = client(unknown, refused(null));
    await expect(kv.put('x', '1')).rejects.toThrow(OutcomeUnknown);
    expect(history.map(({ type }) => type)).toEqual(['invoke']);
  });

  test('makes its operations one after the other', async () => {
    const { kv, asked } = client(executed);
    await Promise.all([kv.put('x', '1'), kv.delete('x'), kv.compareAndSet('x', null, '2')]);
    expect(asked).toEqual(['n1 c 1 put', 'n1 c 2 delete', 'n1 c 3 compare-and-set']);
  });
});
