/** Files that are not whole recordings of one cluster: refused with the line and what is wrong with it. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { conform } from '../../../impl/conformance/conform.ts';
import { raftSystem } from '../../../model/raft/system.ts';
import { Workshop } from '../../cli/program.ts';
import { SeededCluster } from './seeded-cluster.ts';
import { runAtRandom } from './workloads.ts';

const workshop = new Workshop();
const cluster = runAtRandom(new SeededCluster(raftSystem, {}, 1), 1500);
const [n1 = '', n2 = '', n3 = ''] = cluster.files(join(workshop.path, 'sound'));

/** The recordings with that of n2 changed. */
function recordings(name: string, change: (lines: string[]) => string[]): string[] {
  mkdirSync(join(workshop.path, name));
  const changed = join(workshop.path, name, 'n2.trace.jsonl');
  const lines = change(readFileSync(n2, 'utf8').trimEnd().split('\n'));
  writeFileSync(changed, lines.map((line) => `${line}\n`).join(''));
  return [n1, changed, n3];
}

/** The lines with the first one changed that has a text in it. */
function edited(lines: readonly string[], text: string, instead: string): string[] {
  const at = lines.findIndex((line) => line.includes(text));
  if (at === -1) throw new Error(`no line has ${text}`);
  return lines.with(at, (lines[at] ?? '').replace(text, instead));
}

const isStep = (line: string | undefined) => line?.startsWith('{"step"') === true;

/** A step with other steps behind it. */
const amid = (lines: readonly string[]) => lines.findIndex((line, at) => isStep(line) && isStep(lines[at + 1]));

test.each([
  [
    'an unknown field',
    (lines: string[]) => edited(lines, '"effects"', '"colour":"red","effects"'),
    /line \d+, .*colour/s,
  ],
  [
    'an unknown kind of event',
    (lines: string[]) => edited(lines, '"type":"receive"', '"type":"guess"'),
    /line \d+, is not a line of a recording of format 1: at event/,
  ],
  [
    'a line that is cut off amid others',
    (lines: string[]) => lines.with(amid(lines), (lines[amid(lines)] ?? '').slice(0, 30)),
    /line \d+, is not a line of a recording: it is not JSON \(or was cut off\)/,
  ],
  [
    'a line that is missing',
    (lines: string[]) => lines.toSpliced(amid(lines), 1),
    /is step \d+, but step \d+ is due: lines are missing/,
  ],
  ['its end missing', (lines: string[]) => lines.slice(0, 9), /n2\.trace\.jsonl is cut off: it ends with step \d/],
  ['no header', (lines: string[]) => lines.slice(1), /does not begin with the header of a recording/],
  ['no lines', () => [], /is empty: a recording begins with a header/],
  [
    'another cluster',
    (lines: string[]) => edited(lines, '"cluster":"seeded"', '"cluster":"other"'),
    /is of cluster "other", the first recording of "seeded": they are not of one cluster/,
  ],
  [
    'another version of the protocol',
    (lines: string[]) => edited(lines, '"protocolVersion":', '"protocolVersion":9'),
    /is of raft version 9\d, but the system runs raft version \d/,
  ],
  [
    'a node that the system does not have',
    (lines: string[]) => edited(lines, '"node":"n2"', '"node":"n9"'),
    /is of node 'n9', which is no process of system 'raft' \(n1, n2, n3\)/,
  ],
  [
    'a mark for what was not taken',
    (lines: string[]) => edited(lines, '"persisted":1', '"persisted":999'),
    /marks step 999\d*, but only 11 were taken before it/,
  ],
])('%s', (name, change, message) => {
  const files = recordings(name, change);
  expect(() => conform(files, cluster.instance)).toThrow(message);
});

test('what was received from a node without a recording cannot be judged', () => {
  expect(() => conform([n1, n2], cluster.instance)).toThrow(
    /there is no recording of n3, but .*, line \d+, has received a message from it: give it too/,
  );
});

test('two recordings of one node', () => {
  expect(() => conform([n1, n2, n3, n2], cluster.instance)).toThrow('there are two recordings of n2');
});

test('a recording that begins amid things', () => {
  const files = recordings('later', (lines) => edited(lines, '"recovered":null', '"recovered":{"currentTerm":1}'));
  expect(() => conform(files, cluster.instance)).toThrow(
    /recovers what earlier ones have left: record from the first start/,
  );
});

test('an event that was never caused', () => {
  const never = recordings('never', (lines) => edited(lines, '"index":', '"index":9'));
  expect(conform(never, cluster.instance).divergence).toMatchObject({
    rule: 'sent',
    message: expect.stringMatching(/sent no such message over this session/),
  });
});

test('a request that no client can make', () => {
  const request = '"request":{"type":"execute","seq":';
  const impossible = recordings('impossible', (lines) => edited(lines, request, `${request}-`));
  expect(conform(impossible, cluster.instance).divergence).toMatchObject({
    rule: 'event',
    message: expect.stringMatching(/^the request does not fit the protocol's schema: seq /),
  });
});

describe('a divergence in a late line of a long recording', () => {
  const long = runAtRandom(new SeededCluster(raftSystem, {}, 4), 20_000);
  const [first = '', second = '', third = ''] = long.files(join(workshop.path, 'long'));

  test('is told with its line, and what differs', () => {
    const lines = readFileSync(second, 'utf8').trimEnd().split('\n');
    const at = lines.findLastIndex((line) => line.includes('"type":"send"') && line.includes('"term":'));
    const changed = join(workshop.path, 'long', 'changed.trace.jsonl');
    const wrong = (lines[at] ?? '').replace(/"effects":(.*?)"term":\d+/, '"effects":$1"term":999');
    writeFileSync(changed, `${lines.with(at, wrong).join('\n')}\n`);
    expect(at).toBeGreaterThan(1000);
    const { divergence } = conform([first, changed, third], long.instance);
    expect(divergence).toMatchObject({
      rule: 'effects',
      place: { node: 'n2', file: changed, line: at + 1 },
      message: 'the step has not the effects that the transition function gives it',
      differences: [{ path: expect.stringMatching(/^effects\[\d+\]\.message\.term$/), recorded: 999 }],
    });
  });

  test('there is none otherwise', () => {
    expect(conform([first, second, third], long.instance)).toMatchObject({ verdict: 'conforms', divergence: null });
  });
});
