/** Lines of a recording: written and read back, and what is refused. */

import { describe, expect, test } from 'vitest';
import {
  type Foretell,
  printHeader,
  printMark,
  printStep,
  type RecordedOutcome,
  type RecordedStep,
  type RecordingHeader,
  readRecordingLine,
} from '../../../model/contract/recording.ts';

const header: RecordingHeader = {
  cluster: 'demo',
  system: 'paxos',
  parameters: { nodes: 3, network: 'fifo' },
  mutant: null,
  node: 'n1',
  protocol: 'paxos',
  protocolVersion: 1,
  incarnation: 2,
  recovered: { promised: null, seen: new Set(['n2']) },
  at: 1000,
};

const step: RecordedStep = {
  step: 3,
  event: { type: 'receive', from: 'n2', message: { type: 'Promise', votes: new Map([['n1', 4]]) } },
  cause: { from: 'n2', incarnation: 1, step: 7, index: 0 },
  session: 's1',
  effects: [{ type: 'setTimer', timer: 'retry' }],
  durable: [{ op: 'replace', path: ['seen'], value: new Set(['n2', 'n3']) }],
  at: 1001,
};

test('each kind of line is read back as it was written', () => {
  expect(readRecordingLine(printHeader(header), 'here')).toEqual({ kind: 'header', header });
  expect(readRecordingLine(printStep(step), 'here')).toEqual({ kind: 'step', step });
  const bare = { ...step, event: { type: 'start' }, cause: null, session: null, durable: null } as const;
  expect(readRecordingLine(printStep(bare), 'here')).toEqual({ kind: 'step', step: bare });
  expect(readRecordingLine(printMark(12), 'here')).toEqual({ kind: 'mark', persisted: 12 });
});

describe('a step of which the outcome is foretold', () => {
  const { effects, durable } = step;
  const line = printStep(step);
  const read = (text: string, foretell: Foretell) => readRecordingLine(text, 'here', foretell);

  test('is read no further when its line says just that', () => {
    const found = read(line, (event) => {
      expect(event).toEqual(step.event);
      return { effects, durable };
    });
    expect(found).toEqual({ kind: 'step', step });
    expect(found.kind === 'step' && found.step.effects).toBe(effects);
    for (const at of [-60_000.25, 0, 1e-7, 1.5e21]) {
      const other = { ...step, at };
      const again = read(printStep(other), () => ({ effects, durable }));
      expect(again).toEqual({ kind: 'step', step: other });
      expect(again.kind === 'step' && again.step.effects).toBe(effects);
    }
  });

  test.each<[name: string, foretold: RecordedOutcome | null]>([
    ['other effects', { effects: [{ type: 'cancelTimer', timer: 'retry' }], durable }],
    ['more effects', { effects: [...effects, ...effects], durable }],
    ['no change of what is durable', { effects, durable: null }],
    ['nothing that is known', null],
  ])('is read whole when it is another one: %s', (_, foretold) => {
    expect(read(line, () => foretold)).toEqual({ kind: 'step', step });
  });

  test('is refused as any other when its line is wrong', () => {
    const foretell = () => ({ effects, durable });
    expect(() => read(line.slice(0, -1), foretell)).toThrow('not JSON (or was cut off)');
    expect(() => read(line.replace('"at":', '"colour":1,"at":'), foretell)).toThrow('Unrecognized key: "colour"');
    expect(() => read(line.replace('"step":3', '"step":0'), foretell)).toThrow('at step');
  });

  test('may have a field in its message that is named like a field of the line', () => {
    const message = { type: 'Odd', effects: [1], more: { effects: [], at: 5 }, text: ',"effects":[]' };
    const odd: RecordedStep = { ...step, event: { type: 'receive', from: 'n2', message } };
    expect(read(printStep(odd), () => ({ effects, durable }))).toEqual({ kind: 'step', step: odd });
  });
});

test.each([
  ['{"step":1,"event":{"ty', 'not JSON (or was cut off)'],
  ['7', 'not a line of a recording'],
  [printStep(step).replace('"step":3', '"step":0'), 'at step'],
  [printStep(step).replace('"effects"', '"colour":1,"effects"'), 'Unrecognized key: "colour"'],
  [printHeader(header).replace('"lockstepRecording":1', '"lockstepRecording":9'), 'at lockstepRecording'],
  ['{"persisted":-1}', 'at persisted'],
])('a line that is none is refused: %s', (line, why) => {
  expect(() => readRecordingLine(line, 'n1.trace.jsonl, line 5')).toThrow(why);
  expect(() => readRecordingLine(line, 'n1.trace.jsonl, line 5')).toThrow('n1.trace.jsonl, line 5');
});
