/** The node: persist, then send, then respond; in batches, in order, and nothing after a failure. */

import { expect, test } from 'vitest';
import { protocol, z } from '../../../model/contract/index.ts';
import { Held, HeldStore } from './held.ts';

/** Counts what it is told, durably or not, and says so. */
const counter = protocol({
  name: 'counter',
  version: 1,
  messages: { Count: {}, Look: {}, Break: {}, Seen: { count: z.int() } },
  requests: { count: {}, wait: {}, dont: {} },
  responses: { counted: { count: z.int() } },
  indications: { counted: { count: z.int() } },
  timers: ['tick'],
  durable: ['count'],
  init: () => ({ count: 0, looks: 0 }),
  receive: {
    Count(state, _message, { from, send, indicate }) {
      state.count += 1;
      send(from, { type: 'Seen', count: state.count });
      indicate({ type: 'counted', count: state.count });
    },
    Look(state, _message, { from, send }) {
      state.looks += 1;
      send(from, { type: 'Seen', count: state.count });
    },
    Break() {
      throw new Error('broken');
    },
  },
  request: {
    count(state, _request, { client, respond }) {
      state.count += 1;
      respond(client, { type: 'counted', count: state.count });
    },
    wait: (_state, _request, { setTimer }) => setTimer('tick'),
    dont: (_state, _request, { cancelTimer }) => cancelTimer('tick'),
  },
  timeout: {
    tick(state) {
      state.looks += 1;
    },
  },
});

test('no effect leaves before the change of its step is on disk, and the mark is written before the effect', () => {
  const held = new Held(counter).started();
  held.events.linkUp('n2', 's1');
  held.receive('n2', 's1', { type: 'Count' });
  // The linkUp has changed nothing.
  expect(held.left).toEqual(['mark 2']);
  held.store.finish();
  expect(held.left.slice(1)).toEqual(['mark 3', 'Seen to n2 over s1', 'counted']);
});

test('a step that changes nothing durable waits for those before it, not for the disk', () => {
  const held = new Held(counter).started();
  held.events.linkUp('n2', 's1');
  held.receive('n2', 's1', { type: 'Look' });
  expect(held.left).toEqual(['mark 3', 'Seen to n2 over s1']);
  held.receive('n2', 's1', { type: 'Count' });
  held.receive('n2', 's1', { type: 'Look' });
  expect(held.left).toHaveLength(2);
  held.store.finish();
  // The protocol's user is told when all messages have left.
  expect(held.left.slice(2)).toEqual(['mark 5', 'Seen to n2 over s1', 'Seen to n2 over s1', 'counted']);
});

test('what comes during a write is written together by the next one', () => {
  const held = new Held(counter).started();
  for (const client of ['c1', 'c2', 'c3']) {
    held.node.request(client, { type: 'count' });
    held.clock.run();
  }
  expect(held.store.changes).toHaveLength(2);
  held.store.finish();
  expect(held.store.changes.at(-1)).toEqual({
    patches: [{ op: 'replace', path: ['count'], value: 3 }],
    kept: { count: 3 },
  });
  // The disk is at work already when the first client is answered.
  expect(held.left).toEqual(['mark 2', 'counted for c1 amid a write']);
  held.store.finish();
  expect(held.left.slice(2)).toEqual(['mark 4', 'counted for c2', 'counted for c3']);
});

test('a step before which all is on disk does not wait for the change of a later one', () => {
  const held = new Held(counter).started();
  held.events.linkUp('n2', 's1');
  held.receive('n2', 's1', { type: 'Count' });
  held.receive('n2', 's1', { type: 'Look' });
  held.node.request('c1', { type: 'count' });
  held.clock.run();
  expect(held.left).toEqual(['mark 2']);
  held.store.finish();
  // The second write is under way.
  expect(held.left.slice(1)).toEqual(['mark 4', 'Seen to n2 over s1', 'Seen to n2 over s1', 'counted amid a write']);
  held.store.finish();
  expect(held.left.slice(5)).toEqual(['mark 5', 'counted for c1']);
});

test('a node recovers from what its store has kept, and a newborn writes what it has', () => {
  const newborn = new Held(counter);
  newborn.node.start();
  expect(newborn.store.changes).toEqual([
    { patches: [{ op: 'replace', path: [], value: { count: 0 } }], kept: { count: 0 } },
  ]);
  const held = new Held(counter, new HeldStore({ kept: { count: 7 } })).started();
  expect(held.node.local?.state).toEqual({ count: 7, looks: 0 });
  expect(held.recorded.slice(0, 2)).toMatchObject([
    { node: 'n1', recovered: { count: 7 } },
    { step: 1, event: { type: 'recover' } },
  ]);
});

test('a step sends over the session that the protocol has been told of, not over a newer one', () => {
  const held = new Held(counter).started();
  held.receive('n2', 's1', { type: 'Look' });
  held.events.linkUp('n2', 's1');
  held.events.receive('n2', 's1', {
    message: { type: 'Look' },
    cause: { from: 'n2', incarnation: 1, step: 1, index: 0 },
  });
  held.events.linkDown('n2', 's1');
  held.events.linkUp('n2', 's2');
  held.clock.run();
  expect(held.left.filter((word) => !word.startsWith('mark'))).toEqual(['Seen to n2 over s1']);
});

test('a timer that has been cancelled or set anew since it fired does not fire', () => {
  const held = new Held(counter).started();
  const steps = () => held.node.status.steps;
  held.node.request('c', { type: 'wait' });
  held.clock.run();
  const fire = held.waiting.get('tick');
  const before = steps();
  held.node.request('c', { type: 'dont' });
  fire?.();
  held.clock.run();
  expect(steps()).toBe(before + 1);
  held.node.request('c', { type: 'wait' });
  held.clock.run();
  held.waiting.get('tick')?.();
  held.clock.run();
  expect(held.recorded.at(-2)).toMatchObject({ event: { type: 'timeout', timer: 'tick' } });
});

test('a peer that sends faster than its messages are handled is made to wait; requests are refused', () => {
  const held = new Held(counter, new HeldStore(), { waitingPerPeer: 4, waitingRequests: 2 }).started();
  const frame = { message: { type: 'Look' }, cause: { from: 'n2', incarnation: 1, step: 1, index: 0 } };
  for (let index = 0; index < 5; index++) held.events.receive('n2', 's1', frame);
  expect(held.left).toEqual(['pause n2']);
  expect([1, 2, 3].map(() => held.node.request('c', { type: 'count' }))).toEqual([true, true, false]);
  held.clock.run();
  expect(held.left).toContain('resume n2');
  expect(held.node.request('c', { type: 'count' })).toBe(true);
});

test('steps are not taken without end ahead of the disk', () => {
  const held = new Held(counter, new HeldStore(), { waitingSteps: 3 }).started();
  for (let index = 0; index < 9; index++) held.node.request('c', { type: 'count' });
  held.clock.run();
  expect(held.node.status).toMatchObject({ waiting: 3, unpersisted: 6 });
  held.store.finish();
  held.clock.run();
  expect(held.node.status).toMatchObject({ waiting: 0, unpersisted: 6 });
});

test('after a failed write nothing leaves any more, and nothing is heard', () => {
  const held = new Held(counter).started();
  held.node.request('c', { type: 'count' });
  held.clock.run();
  held.store.finish(new Error('no space left'));
  held.clock.run();
  expect(held.failures).toEqual(['no space left']);
  expect(held.left).toEqual([]);
  expect(held.node.request('c', { type: 'count' })).toBe(false);
});

test('a handler that throws stops the node with the words of the model', () => {
  const held = new Held(counter).started();
  held.receive('n2', 's1', { type: 'Break' }, { type: 'Count' });
  expect(held.failures).toHaveLength(1);
  expect(held.failures[0]).toContain('counter: handler receive.Break of n1 failed');
  expect(held.left).toEqual([]);
});

test('a node that stops lets what it has promised leave first', async () => {
  const held = new Held(counter).started();
  held.node.request('c', { type: 'count' });
  held.clock.run();
  const stopped = held.node.stop();
  expect(held.node.request('c', { type: 'count' })).toBe(false);
  held.store.finish();
  await stopped;
  expect(held.left).toEqual(['mark 2', 'counted for c']);
});
