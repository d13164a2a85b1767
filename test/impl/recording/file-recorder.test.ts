/** The file of a recording: appended to over incarnations, whole lines but for one that a kill has torn. */

import { appendFileSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FileRecorder, recordingPath } from '../../../impl/recording/file-recorder.ts';
import { type RecordedStep, type RecordingHeader, readRecordingLine } from '../../../model/contract/recording.ts';
import { inDirectory } from '../directory.ts';

const header: RecordingHeader = {
  cluster: 'demo',
  system: 'paxos',
  parameters: {},
  mutant: null,
  node: 'n1',
  protocol: 'paxos',
  protocolVersion: 1,
  incarnation: 1,
  recovered: null,
  at: 0,
};
const step: RecordedStep = {
  step: 1,
  event: { type: 'start' },
  cause: null,
  session: null,
  effects: [],
  durable: null,
  at: 0,
};

function unexpected(error: unknown): void {
  throw error;
}

test('is with the operating system when the call returns, and goes on over incarnations', () =>
  inDirectory(async (directory) => {
    const kinds = (): string[] =>
      readFileSync(recordingPath(directory, 'n1'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => readRecordingLine(line, 'n1').kind);
    const first = new FileRecorder(directory, 'n1', unexpected);
    first.begin(header);
    first.step(step);
    expect(kinds()).toEqual(['header']);
    first.write(null);
    expect(kinds()).toEqual(['header', 'step']);
    first.write(1);
    expect(kinds()).toEqual(['header', 'step', 'mark']);
    const second = new FileRecorder(directory, 'n1', unexpected);
    second.begin({ ...header, incarnation: 2 });
    expect(kinds()).toEqual(['header', 'step', 'mark', 'header']);
    first.close();
    second.close();
  }));

test('a torn line is left as it is; the next incarnation begins on a line of its own', () =>
  inDirectory(async (directory) => {
    const path = recordingPath(directory, 'n1');
    const first = new FileRecorder(directory, 'n1', unexpected);
    first.begin(header);
    first.close();
    appendFileSync(path, '{"step":1,"ev');
    const second = new FileRecorder(directory, 'n1', unexpected);
    second.begin({ ...header, incarnation: 2 });
    second.close();
    const [, torn = '', next = ''] = readFileSync(path, 'utf8').split('\n');
    expect(torn).toBe('{"step":1,"ev');
    expect(readRecordingLine(next, 'n1')).toMatchObject({ header: { incarnation: 2 } });
  }));

test.skipIf(!existsSync('/dev/full'))(
  'one that cannot be continued is told of once, set aside, and written no more',
  () =>
    inDirectory(async (directory) => {
      symlinkSync('/dev/full', recordingPath(directory, 'n1'));
      const failures: unknown[] = [];
      const recorder = new FileRecorder(directory, 'n1', (error) => void failures.push(error));
      recorder.begin(header);
      recorder.step(step);
      recorder.write(1);
      expect(failures).toMatchObject([{ code: 'ENOSPC' }]);
      const [left] = readdirSync(directory);
      expect(left).toMatch(/^n1\.trace\.jsonl\.ended-/);
    }),
);
