import { describe, expect, test } from 'vitest';
import { type Draft, ModelError, type Process, protocol, type Tagged, z } from '../../../model/contract/index.ts';
import { born, crashed, restored, step } from '../../../model/contract/step.ts';

const messages = { note: { text: z.string(), log: z.array(z.string()) } };

interface State {
  readonly log: readonly string[];
  readonly scratch: number;
}

type Self = Process<Tagged<typeof messages>, 'tick'>;

function withRequest(go: (state: Draft<State>, process: Self) => unknown) {
  return protocol({
    name: 'toy',
    version: 1,
    messages,
    requests: { go: {} },
    timers: ['tick', 'tock'],
    durable: ['log'],
    init: (): State => ({ log: [], scratch: 0 }),
    receive: {
      note(state, { text }) {
        state.log.push(text);
      },
    },
    request: { go: (state, _, process) => go(state, process) as undefined },
    timeout: {
      tick(state, { setTimer }) {
        state.scratch += 1;
        setTimer('tick');
      },
      tock() {},
    },
    recover(state) {
      state.log.push('recovered');
    },
  });
}

const identity = { self: 'n1', processes: ['n1', 'n2'], peers: ['n2'] };
const go = { type: 'request', client: 'c', request: { type: 'go' } } as const;

function run(handler: (state: Draft<State>, process: Self) => unknown) {
  const toy = withRequest(handler);
  return step(toy, identity, born(toy, identity), go);
}

describe('step', () => {
  test('does not change the state that it is given', () => {
    const toy = withRequest((state) => state.log.push('a'));
    const before = born(toy, identity);
    const { local } = step(toy, identity, before, go);
    expect(before.state).toEqual({ log: [], scratch: 0 });
    expect(local.state).toEqual({ log: ['a'], scratch: 0 });
  });

  test('a message holds what was sent, whatever the handler does afterwards', () => {
    const { effects } = run((state, { send }) => {
      state.log.push('a');
      send('n2', { type: 'note', text: 'x', log: state.log });
      state.log.push('b');
    });
    expect(effects).toEqual([{ type: 'send', to: 'n2', message: { type: 'note', text: 'x', log: ['a'] } }]);
  });

  test('messages to oneself are handled in the same step, in order, after the handler', () => {
    const { local } = run((state, { broadcast }) => {
      broadcast({ type: 'note', text: 'first', log: [] });
      broadcast({ type: 'note', text: 'second', log: [] });
      state.log.push('handler');
    });
    expect(local.state).toMatchObject({ log: ['handler', 'first', 'second'] });
  });

  test('a timer that fires is disarmed first, and may be armed again', () => {
    const toy = withRequest((_, { setTimer }) => setTimer('tick'));
    const armed = step(toy, identity, born(toy, identity), go).local;
    expect(armed.timers).toEqual(['tick']);
    expect(step(toy, identity, armed, { type: 'timeout', timer: 'tick' }).local).toEqual({
      state: { log: [], scratch: 1 },
      timers: ['tick'],
    });
    const other = { state: armed.state, timers: ['tick', 'tock'] };
    expect(step(toy, identity, other, { type: 'timeout', timer: 'tock' }).local.timers).toEqual(['tick']);
  });

  test('a crash keeps the durable part; recovery starts from it with everything else new and no timer armed', () => {
    const toy = withRequest(() => {});
    const kept = crashed(toy, { state: { log: ['a'], scratch: 7 }, timers: ['tick'] });
    expect(kept).toEqual({ log: ['a'] });
    const { local } = step(toy, identity, restored(toy, identity, kept), { type: 'recover' });
    expect(local).toEqual({ state: { log: ['a', 'recovered'], scratch: 0 }, timers: [] });
  });

  test('a step that a node has taken before is not asked again whether what it sends fits', () => {
    const unfit = { type: 'note', text: 1, log: [] };
    const toy = withRequest((_, { send }) => send('n2', unfit as never));
    const event = { type: 'request', client: 'c', request: { type: 'go' } } as const;
    const sent = [{ type: 'send', to: 'n2', message: unfit }];
    expect(step(toy, identity, born(toy, identity), event, false).effects).toEqual(sent);
    expect(() => step(toy, identity, born(toy, identity), event)).toThrow(ModelError);
  });

  test.each<[string, (state: Draft<State>, process: Self) => unknown, RegExp]>([
    ['throws', () => JSON.parse('{'), /toy: handler request.go of n1 failed: SyntaxError/],
    ['returns a promise', async () => {}, /a handler is synchronous/],
    [
      'sends what does not fit its schema',
      (_, { send }) => send('n2', { type: 'note', text: 1, log: [] } as never),
      /does not fit its schema: text/,
    ],
    ['sends to itself without end', (_, { send }) => loop(send), /without end/],
    ['sets a timer that does not exist', (_, { setTimer }) => setTimer('tack' as never), /no timer 'tack'/],
  ])('a handler that %s is a model error that names protocol, handler, event and state', (_, handler, message) => {
    expect(() => run(handler)).toThrow(ModelError);
    expect(() => run(handler)).toThrow(message);
    expect(() => run(handler)).toThrow(/event: .*"go"[\s\S]*state: .*"scratch":0/);
  });
});

function loop(send: Self['send']): void {
  for (let count = 0; count < 20_000; count++) send('n1', { type: 'note', text: 'again', log: [] });
}
