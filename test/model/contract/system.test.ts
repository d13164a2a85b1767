/** Systems that contradict themselves are refused, with what is wrong. */

import { expect, test } from 'vitest';
import { protocol } from '../../../model/contract/protocol.ts';
import { type Environment, type Network, system } from '../../../model/contract/system.ts';
import { always } from '../../../spec/property.ts';

const silent = protocol({
  name: 'silent',
  version: 1,
  messages: {},
  requests: { go: {} },
  timers: ['tick'],
  init: () => ({}),
  receive: {},
  request: { go() {} },
  timeout: { tick() {} },
});

interface Changed {
  readonly ids?: readonly string[];
  readonly network?: Network;
  readonly environment?: Environment;
  readonly timers?: Readonly<Record<string, readonly [number, number]>>;
  readonly properties?: readonly string[];
  readonly monitored?: string;
}

const built = ({ ids = ['n1', 'n2'], properties = ['fine'], monitored, ...parts }: Changed) =>
  system({
    name: 'changed',
    summary: 'a system with one thing changed',
    build: () => ({
      processes: ids.map((id) => ({ id, protocol: silent })),
      network: 'fifo',
      view: (state) => state,
      properties: properties.map((name) => always(name, () => true)),
      monitors: monitored === undefined ? [] : [{ property: monitored, begin: () => () => true }],
      ...parts,
    }),
  }).build({}, null);

test('as it is, it can be built', () => {
  expect(built({}).kind).toBe('processes');
});

const go = { type: 'go' };

test.each<[what: string, changed: Changed, says: string]>([
  ['no processes', { ids: [] }, 'it has no processes'],
  ['one id twice', { ids: ['n1', 'n1'] }, 'two processes have the same id'],
  ['an id that all objects have', { ids: ['n1', '__proto__'] }, "no process can be called '__proto__'"],
  ['another one', { ids: ['constructor'] }, "no process can be called 'constructor'"],
  ['one property twice', { properties: ['a', 'a'] }, 'two properties have the same name'],
  ['losses over fifo', { environment: { losses: 1 } }, 'a fifo link loses messages only with its session'],
  ['losses from a set', { network: 'set', environment: { losses: 1 } }, 'a set already duplicates every message'],
  ['cuts of a bag', { network: 'bag', environment: { linkCuts: 1 } }, 'in a bag there are no sessions to lose'],
  ['recoveries alone', { environment: { recoveries: 1 } }, 'recoveries without crashes'],
  ['a request for nobody', { environment: { requests: [{ to: 'n9', request: go }] } }, "request go is for 'n9'"],
  ['a budget of no timer', { environment: { timeouts: { tock: 1 } } }, "timeouts name 'tock'"],
  ['a budget of nobody', { environment: { timeouts: { tick: { n9: 1 } } } }, "timeouts of tick name 'n9'"],
  ['a crash of nobody', { environment: { crashes: { n9: 1 } } }, "crashes or recoveries name 'n9'"],
  ['a range of no timer', { timers: { tock: [1, 2] } }, "timers name 'tock'"],
  ['a range that ends before it begins', { timers: { tick: [2, 1] } }, 'the range of timer tick is [2, 1]'],
  ['a monitor of no property', { monitored: 'other' }, "a monitor stands for 'other'"],
])('%s', (_what, changed, says) => {
  expect(() => built(changed)).toThrow(says);
});
