/** `lockstep serve` as a process: what it refuses to start with, how it stops, and what a kill or a full disk leaves. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePorts } from '../../impl/local/free-ports.ts';
import { type RecordingLine, readRecordingLine } from '../../model/contract/recording.ts';
import { certificatesOf } from '../impl/certificates/files.ts';
import { type Finished, finished, LAUNCHER, Workshop } from './program.ts';

const workshop = new Workshop();

const NODES = 'n1=127.0.0.1:0,n2=127.0.0.1:1,n3=127.0.0.1:2';

test.each<[what: string, args: readonly string[], why: string]>([
  ['no system', ['serve', '--node', 'n1', '--nodes', NODES], "the command line does not say 'system'"],
  ['no node', ['serve', 'paxos', '--nodes', NODES], "the command line does not say 'node'"],
  ['no addresses', ['serve', 'paxos', '--node', 'n1'], "the command line does not say 'nodes'"],
  ['too few addresses', ['serve', 'paxos', '--node', 'n1', '--nodes', 'n1=127.0.0.1:1'], 'give each process one'],
  ['no port', ['serve', 'paxos', 'nodes=1', '--node', 'n1', '--nodes', 'n1=here', '--data', 'x'], 'must be HOST:PORT'],
  ['another node', ['serve', 'paxos', '--node', 'n9', '--nodes', NODES], "the system has no process 'n9'"],
  ['no place for the state', ['serve', 'paxos', '--node', 'n1', '--nodes', NODES], 'Give --data DIR, or --ephemeral'],
  ['two places', ['serve', 'paxos', '--node', 'n1', '--nodes', NODES, '--data', 'x', '--ephemeral'], 'not both'],
  ['a puzzle', ['serve', 'die-hard', '--node', 'n1', '--nodes', NODES], 'it has no processes to run'],
  ['an unknown system', ['serve', 'raff', '--node', 'n1', '--nodes', NODES], "Did you mean 'raft'?"],
  ['an unknown log level', ['serve', 'raft', '--node', 'n1', '--nodes', NODES, '--log', 'loud'], 'at log'],
  ['a missing file', ['serve', '--config', 'nowhere.json'], 'the configuration nowhere.json cannot be read'],
  [
    'a certificate that is not there',
    ['serve', 'raft', '--node', 'n1', '--nodes', NODES, '--tls-ca', 'a', '--tls-cert', 'b', '--tls-key', 'c'],
    'the certificate of the authority, a, cannot be read',
  ],
  [
    'half of the certificates',
    ['serve', 'raft', '--node', 'n1', '--nodes', NODES, '--tls-ca', 'a'],
    'no configuration of a node: at tls.cert',
  ],
  [
    'everybody who can reach it',
    ['serve', 'raft', 'nodes=1', '--node', 'n1', '--nodes', 'n1=0.0.0.0:0', '--data', 'x'],
    'refusing to listen on 0.0.0.0 without TLS',
  ],
])('does not start with %s', async (_what, args, why) => {
  const { code, stderr } = await workshop.lockstep(...args);
  expect(stderr).toContain(why);
  expect(code).toBe(2);
});

test('a system without ranges for its timers can only be checked', async () => {
  workshop.write('untimed.ts', SYSTEM.replace(/timers: { tick: .*\n/, ''));
  const { code, stderr } = await workshop.lockstep('serve', 'untimed.ts', '--node', 'n1', '--nodes', 'n1=127.0.0.1:0');
  expect(stderr).toContain("the system declares no range for the timer 'tick' of ticker");
  expect(code).toBe(2);
});

test('an unknown setting is an error that suggests the one that is meant', async () => {
  const config = { system: 'raft', parameters: { nodes: 1 }, node: 'n1', nodes: { n1: '127.0.0.1:0' }, data: 'x' };
  workshop.write('typo.json', JSON.stringify({ ...config, ephemral: true }));
  const typo = await workshop.lockstep('serve', '--config', 'typo.json');
  expect(typo.stderr).toContain("there is no setting 'ephemral' in typo.json");
  expect(typo.stderr).toContain("Did you mean 'ephemeral'?");
  expect(typo.code).toBe(2);
  workshop.write('deep.json', JSON.stringify({ ...config, limits: { frames: 5 } }));
  expect((await workshop.lockstep('serve', '--config', 'deep.json')).stderr).toContain("Did you mean 'frame'?");
  workshop.write('broken.json', '{"system": ');
  expect((await workshop.lockstep('serve', '--config', 'broken.json')).stderr).toContain('broken.json is not JSON');
});

/** A system of one node that writes a kilobyte every millisecond. */
const SYSTEM = `import { integer, protocol, system } from 'lockstep';
const ticker = protocol({
  name: 'ticker',
  version: 1,
  messages: {},
  timers: ['tick'],
  durable: ['notes'],
  init: (): { notes: readonly string[] } => ({ notes: [] }),
  start: (_state, { setTimer }) => setTimer('tick'),
  recover: (_state, { setTimer }) => setTimer('tick'),
  receive: {},
  timeout: {
    tick(state, { setTimer }) {
      state.notes.push(String(state.notes.length).padEnd(1000));
      setTimer('tick');
    },
  },
});
export default system({
  name: 'ticker',
  summary: 'writes and writes',
  parameters: { nodes: integer({ default: 1, min: 1, max: 1, help: 'one' }) },
  build: () => ({
    processes: [{ id: 'n1', protocol: ticker }],
    network: 'bag',
    timers: { tick: [1, 1] },
    view: () => null,
    properties: [],
  }),
});
`;

async function tickerArguments(directory: string): Promise<string[]> {
  workshop.write('ticker.ts', SYSTEM);
  const [port] = await freePorts(1);
  const place = ['--node', 'n1', '--nodes', `n1=127.0.0.1:${port}`];
  return ['serve', 'ticker.ts', ...place, '--data', directory, '--trace', join(directory, 'trace')];
}

function recordingOf(directory: string): RecordingLine[] {
  const path = join(workshop.path, directory, 'trace', 'n1.trace.jsonl');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => readRecordingLine(line, 'n1'));
}

/** The last step whose effects may have left the node, in its latest incarnation. */
function persisted(lines: readonly RecordingLine[]): number {
  const marks = lines.slice(lines.findLastIndex(({ kind }) => kind === 'header'));
  return Math.max(0, ...marks.map((line) => (line.kind === 'mark' ? line.persisted : 0)));
}

/** How many notes each incarnation has found. */
function recovered(lines: readonly RecordingLine[]): (number | null)[] {
  return lines.flatMap((line) => {
    if (line.kind !== 'header') return [];
    const kept = line.header.recovered as { notes: readonly string[] } | null;
    return [kept === null ? null : kept.notes.length];
  });
}

/** Waits until an incarnation has persisted so many steps, or the process has ended. */
async function running(child: ChildProcess, directory: string, incarnation: number, steps: number): Promise<void> {
  const isThere = (): boolean => {
    const lines = recordingOf(directory);
    return recovered(lines).length === incarnation && persisted(lines) >= steps;
  };
  while (child.exitCode === null && !isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('SIGTERM stops it in order; a kill loses nothing that was persisted', async () => {
  const args = await tickerArguments('killed');
  const first = workshop.start(args);
  const firstEnd = finished(first);
  await running(first, 'killed', 1, 20);
  first.kill('SIGTERM');
  const { code, stderr } = await firstEnd;
  expect(stderr).toContain('SIGTERM: n1 stops');
  expect(code).toBe(0);
  const steps = persisted(recordingOf('killed'));

  const second = workshop.start(args);
  await running(second, 'killed', 2, 20);
  second.kill('SIGKILL');
  await finished(second);
  const lines = recordingOf('killed');
  // Each step but the first has written a note.
  expect(recovered(lines)).toEqual([null, steps - 1]);
  const atLeast = steps - 1 + persisted(lines) - 1;

  const third = workshop.start(args);
  await running(third, 'killed', 3, 1);
  third.kill('SIGTERM');
  await finished(third);
  expect(recovered(recordingOf('killed'))[2]).toBeGreaterThanOrEqual(atLeast);
});

test('a full disk ends the recording, then the node, with a clear line; nothing that was persisted is lost', async () => {
  const args = await tickerArguments('full');
  // The size of each file is limited, which to a program that writes is a full disk.
  const command = `trap '' XFSZ; ulimit -f 200; exec "$0" "$@"`;
  const child = spawn('bash', ['-c', command, process.execPath, LAUNCHER, ...args], {
    cwd: workshop.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { code, stderr }: Finished = await finished(child);
  expect(stderr).toContain('the recording has ended: it could not be written; the node goes on without it');
  expect(stderr).toContain('the node stops: the disk did not take a write');
  expect(code).toBe(2);
  const acknowledged = Number(readFileSync(join(workshop.path, 'full', 'acknowledged'), 'utf8').split(' ')[0]);
  expect(acknowledged).toBeGreaterThan(50);

  const again = workshop.start(args);
  await running(again, 'full', 1, 5);
  again.kill('SIGTERM');
  expect((await finished(again)).code).toBe(0);
  // The first change was the newborn's empty list.
  expect(recovered(recordingOf('full'))[0]).toBeGreaterThanOrEqual(acknowledged - 1);
});

test('a recording that cannot be begun', async () => {
  const args = await tickerArguments('unrecorded');
  mkdirSync(join(workshop.path, 'unrecorded', 'trace', 'n1.trace.jsonl'), { recursive: true });
  const { code, stderr } = await workshop.lockstep(...args);
  expect(stderr).toContain('the recording unrecorded/trace/n1.trace.jsonl cannot be written');
  expect(code).toBe(2);
});

test('a node and its clients over TLS: who shows a certificate is served, who does not is not', async () => {
  const [peers, clients] = await freePorts(2);
  const place = ['--nodes', `n1=127.0.0.1:${peers}`, '--http', `127.0.0.1:${clients}`, '--ephemeral'];
  const tls = (name: string): string[] => {
    const { ca, cert, key } = certificatesOf('ours', name);
    return ['--tls-ca', ca, '--tls-cert', cert, '--tls-key', key];
  };
  const node = workshop.start([
    'serve',
    'raft',
    'nodes=1',
    'machine=key-value',
    '--node',
    'n1',
    ...place,
    ...tls('n1'),
  ]);
  const client = (timeout: number, ...args: string[]) =>
    workshop.lockstep('client', ...args, '--nodes', `n1=127.0.0.1:${clients}`, '--timeout', String(timeout));
  expect((await client(120_000, 'put', 'x', '1', ...tls('client'))).code).toBe(0);
  expect((await client(300, 'put', 'x', '2')).code).not.toBe(0);
  expect((await client(120_000, 'get', 'x', ...tls('client'))).stdout.trim()).toBe('1');
  node.kill('SIGTERM');
  expect((await finished(node)).code).toBe(0);
});
