/** Lines of a recording: written and read back, and what is refused. */

import { expect, test } from 'vitest';
import {
  printHeader,
  printMark,
  printStep,
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
