/** What fairness may be stated of, and what is refused. */

import { expect, test } from 'vitest';
import { fairnessText, isOwed } from '../../../model/contract/fairness.ts';
import {
  type Fairness,
  protocol,
  stronglyFair,
  system,
  transitionSystem,
  weaklyFair,
} from '../../../model/contract/index.ts';

const pinger = protocol({
  name: 'pinger',
  version: 1,
  messages: { Ping: {}, Pong: {} },
  requests: { go: {} },
  timers: ['retry'],
  init: () => ({}),
  receive: { Ping() {}, Pong() {} },
  request: { go() {} },
  timeout: { retry() {} },
});

function built(...fairness: Fairness[]) {
  const hosted = ['n1', 'n2'].map((id) => ({ id, protocol: pinger }));
  const parts = { processes: hosted, network: 'bag', view: () => null, properties: [], fairness } as const;
  return system({ name: 'pingers', summary: '', build: () => parts }).build({}, null);
}

test('what exists is accepted', () => {
  const fairness = [
    weaklyFair('receive', { name: 'Ping', process: 'n1' }),
    weaklyFair('timeout', { name: 'retry' }),
    weaklyFair('request', { name: 'go' }),
    stronglyFair('step', { per: 'process' }),
    weaklyFair('recover'),
  ];
  expect(built(...fairness).fairness).toEqual(fairness);
});

test.each([
  [
    weaklyFair('receive', { name: 'Pign' }),
    "there is no receive 'Pign' for the fairness of system 'pingers' to speak of; there is Ping, Pong",
  ],
  [
    weaklyFair('timeout', { name: 'tick' }),
    "there is no timeout 'tick' for the fairness of system 'pingers' to speak of; there is retry",
  ],
  [
    weaklyFair('receive', { process: 'n3' }),
    "there is no process 'n3' for the fairness of system 'pingers' to speak of; there is n1, n2",
  ],
  [weaklyFair('recover', { name: 'retry' }), 'a recover has no name to choose by'],
  [stronglyFair('action'), "actions are a bare system's"],
  [weaklyFair('linkUp'), 'there are no sessions in a bag: it needs the fifo network'],
])('what does not exist is refused: %o', (owed, why) => {
  expect(() => built(owed)).toThrow(why);
});

test.each([weaklyFair('receive'), weaklyFair('action', { per: 'process' })])(
  'a bare system can owe only its actions: %o',
  (owed) => {
    const lamp = transitionSystem<boolean>({
      name: 'lamp',
      summary: '',
      initial: () => [false],
      next: (on) => [['press', !on]],
      fairness: [owed],
    });
    expect(() => lamp.build({}, null)).toThrow('a bare system has no processes');
  },
);

test('a step is whatever a process does by itself', () => {
  const step = weaklyFair('step', { process: 'n1' });
  const kinds = ['receive', 'timeout', 'linkDown', 'linkUp', 'crash', 'recover', 'request', 'lose'];
  const owed = kinds.filter((kind) => isOwed(step, { kind, process: 'n1', name: null }));
  expect(owed).toEqual(['receive', 'timeout', 'linkDown', 'linkUp']);
  expect(isOwed(step, { kind: 'receive', process: 'n2', name: null })).toBe(false);
});

test('in words', () => {
  expect(fairnessText(weaklyFair('receive'))).toBe('weak fairness of each receive');
  expect(fairnessText(stronglyFair('timeout', { name: 'retry', process: 'n1' }))).toBe(
    'strong fairness of each timeout retry at n1',
  );
  expect(fairnessText(weaklyFair('step', { per: 'process' }))).toBe('weak fairness of some step of each process');
});
