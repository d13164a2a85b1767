/** How a run that goes on for ever is told, drawn and exported: the steps that are repeated are marked everywhere. */

import { describe, expect, test } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { replay } from '../../../explorer/replay.ts';
import { endingOf } from '../../../explorer/report/ending.ts';
import { traceHtml } from '../../../explorer/report/html.ts';
import { traceToItf } from '../../../explorer/report/itf.ts';
import { spaceTimeDot, spaceTimeSvg } from '../../../explorer/report/space-time.ts';
import { story } from '../../../explorer/report/story.ts';
import {
  eventually,
  protocol,
  type Snapshot,
  system,
  transitionSystem,
  weaklyFair,
} from '../../../model/contract/index.ts';
import { parseTrace, printTrace, type Trace } from '../../../model/contract/trace.ts';

const PAPER = { width: 80, color: false };

/** Two processes play ping-pong, and neither ever misses the ball. */
const player = protocol({
  name: 'player',
  version: 1,
  messages: { Ball: {} },
  init: () => ({ missed: false }),
  start(_state, { self, peers, send }) {
    if (self === 'n1') send(peers[0] ?? self, { type: 'Ball' });
  },
  receive: {
    Ball(_state, _message, { from, send }) {
      send(from, { type: 'Ball' });
    },
  },
});

type Seen = Snapshot<boolean>;

const game = system({
  name: 'game',
  summary: 'ping-pong',
  build: () => ({
    processes: ['n1', 'n2'].map((id) => ({ id, protocol: player })),
    network: 'bag',
    view: ({ missed }: { missed: boolean }) => missed,
    properties: [eventually('one misses', ({ views }: Seen) => Object.values(views).includes(true))],
    fairness: [weaklyFair('receive')],
  }),
});

/** Counts modulo three, and may go to a place where it stays. */
const clock = transitionSystem<{ readonly hour: number }>({
  name: 'clock',
  summary: 'a clock',
  initial: () => [{ hour: 0 }],
  next: ({ hour }) =>
    hour < 3
      ? [
          ['tick', { hour: (hour + 1) % 3 }],
          ['break', { hour: 9 }],
        ]
      : [],
  properties: [eventually('three', ({ hour }) => hour === 3), eventually('two', ({ hour }) => hour === 2)],
  fairness: [weaklyFair('action', { name: 'tick' })],
});

async function lassoOf(of: typeof game, property: string): Promise<Trace> {
  const { properties } = await check(of, { properties: [property] });
  const trace = properties.find(({ name }) => name === property)?.trace;
  if (trace === undefined || trace === null) throw new Error('no trace');
  return trace;
}

describe('a loop', async () => {
  const trace = await lassoOf(game, 'one misses');
  const instance = game.build({}, null);

  test('has a beginning in the trace, which survives being written and read', () => {
    expect(trace.loop).toBe(0);
    expect(trace.events).toHaveLength(2);
    expect(parseTrace(printTrace(trace), 'it')).toEqual(trace);
  });

  test('is marked in the story', () => {
    const told = story(instance, trace, PAPER).split('\n');
    expect(told.filter((line) => /^ {4}\S|^ ?\d|^'/.test(line))).toEqual([
      '    n1 starts',
      '    from here on, again and again:',
      ' 1  n2 receives Ball from n1',
      ' 2  n1 receives Ball from n2',
      '    and again from step 1, for ever',
      "'one misses' is violated: it never comes about: steps 1 to 2 repeat for ever",
    ]);
  });

  test('is marked in every picture', () => {
    expect(spaceTimeSvg(instance, trace)).toMatch(/<path id="loop"/);
    expect(spaceTimeDot(instance, trace)).toMatch(/"step 2" -> "step 1" \[label="again and again"/);
    expect(traceHtml(instance, trace).match(/<li class="step again"/g)).toHaveLength(2);
  });

  test('is the loop of the Informal Trace Format', () => {
    const { loop, states } = traceToItf(instance, trace);
    expect([loop, states.length]).toEqual([0, 3]);
  });

  test('that does not close is refused', () => {
    expect(() => replay(instance, { ...trace, loop: 1 })).toThrow(
      'steps 2 to 2 are to be repeated for ever, but they do not end in the state in which they begin',
    );
    expect(() => parseTrace(printTrace({ ...trace, loop: 3 }), 'it')).toThrow('its loop begins behind its last event');
  });

  test('that is unfair, or no loop at all, violates nothing', () => {
    const stops = { ...trace, events: [], loop: 0 };
    expect(endingOf(instance, stops, replay(instance, stops))).toMatchObject({
      kind: 'neither',
      reason: expect.stringMatching(/^unfair: weak fairness of each receive/),
    });
    const { loop: _, ...ends } = trace;
    expect(endingOf(instance, ends, replay(instance, ends))).toMatchObject({ kind: 'neither' });
  });
});

describe('a run that stops for ever', async () => {
  const trace = await lassoOf(clock, 'two');
  const instance = clock.build({}, null);

  test('says so in story and picture', () => {
    expect(trace).toMatchObject({ loop: 1, events: [{ action: 'break' }] });
    expect(story(instance, trace, PAPER)).toMatch(
      /and nothing more, for ever\n\ntwo is violated: it never comes about: after step 1 nothing can happen/,
    );
    expect(spaceTimeSvg(instance, trace)).toMatch(/<path id="loop"[^>]*><title>nothing more, for ever/);
    expect(spaceTimeDot(instance, trace)).toMatch(/"state 1" -> "state 1" \[label=" {2}nothing more, for ever"/);
  });
});

test('a loop of a bare system leads back to where it began', async () => {
  const looping = transitionSystem<number>({
    name: 'looping',
    summary: 'a way into a circle',
    initial: () => [0],
    next: (at) => [['go', at === 2 ? 1 : at + 1]],
    properties: [eventually('three', (at) => at === 3)],
    fairness: [weaklyFair('action')],
  });
  const trace = await lassoOf(looping, 'three');
  expect(trace.loop).toBe(1);
  expect(spaceTimeDot(looping.build({}, null), trace)).toMatch(/"state 3" -> "state 1" \[label=" {2}the same again/);
  expect(story(looping.build({}, null), trace, PAPER)).toMatch(/and again from step 2, for ever/);
});
