/** `lockstep conform` as a user runs it: every exit code, and recordings that are not as they should be. */

import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { raftSystem } from '../../model/raft/system.ts';
import { SeededCluster } from '../impl/conformance/seeded-cluster.ts';
import { runAtRandom } from '../impl/conformance/workloads.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();
const sound = join(workshop.path, 'sound');
runAtRandom(new SeededCluster(raftSystem, {}, 1), 1500).files(sound);

/** A copy of the sound recordings; `change` makes of n2's lines what is to be judged. */
function recordings(name: string, change: (lines: string[]) => string[] = (lines) => lines): string {
  const directory = join(workshop.path, name);
  mkdirSync(directory);
  for (const id of ['n1', 'n2', 'n3']) copyFileSync(join(sound, `${id}.trace.jsonl`), pathOf(directory, id));
  const lines = readFileSync(pathOf(directory, 'n2'), 'utf8').trimEnd().split('\n');
  writeFileSync(
    pathOf(directory, 'n2'),
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
  return directory;
}

function pathOf(directory: string, id: string): string {
  return join(directory, `${id}.trace.jsonl`);
}

/** The lines with the first one that has a text in it changed. */
function edited(lines: readonly string[], text: string, instead: string): string[] {
  const at = lines.findIndex((line) => line.includes(text));
  if (at === -1) throw new Error(`no line has ${text}`);
  return lines.with(at, (lines[at] ?? '').replace(text, instead));
}

test('recordings that are a run of the model', async () => {
  const { code, stdout } = await workshop.lockstep('conform', sound);
  expect(stdout).toMatch(/CONFORMS: \d+ steps of 3 nodes are a run of the model/);
  expect(code).toBe(0);
  const json = await workshop.lockstep('conform', '--json', ...['n1', 'n2', 'n3'].map((id) => pathOf(sound, id)));
  expect(json.code).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({ verdict: 'conforms', system: 'raft', divergence: null, absent: [] });
});

test('the first divergence is told with its node, line, event and difference', async () => {
  const directory = recordings('edited', (lines) => edited(lines, '"granted":true', '"granted":false'));
  const { code, stdout } = await workshop.lockstep('conform', directory);
  expect(code).toBe(1);
  expect(stdout).toContain('DIVERGES:');
  expect(stdout).toMatch(/where: .*n2\.trace\.jsonl:\d+, step \d+ of\s+incarnation 1 of n2/);
  expect(stdout).toMatch(/event: n2 receives RequestVote/);
  expect(stdout).toMatch(/effects\[\d\]\.message\.granted: model true, recorded false/);
});

test('a line that a kill has torn is accepted, and told', async () => {
  const directory = recordings('torn');
  appendFileSync(pathOf(directory, 'n2'), '{"step":9999,"event":{"ty');
  const { code, stdout } = await workshop.lockstep('conform', directory);
  expect(stdout).toMatch(/torn by a kill: line \d+/);
  expect(code).toBe(0);
});

test('a file that is no whole recording is refused', async () => {
  const directory = recordings('unknown', (lines) => edited(lines, '"effects"', '"colour":"red","effects"'));
  const { code, stderr } = await workshop.lockstep('conform', directory);
  expect(stderr).toMatch(/n2\.trace\.jsonl, line \d+, is not a line of a recording.*colour/s);
  expect(code).toBe(2);
});

test('no recordings', async () => {
  const { code, stderr } = await workshop.lockstep('conform', recordings('none').replace('none', 'nowhere'));
  expect(stderr).toMatch(/cannot read .*nowhere/);
  expect(code).toBe(2);
  const empty = join(workshop.path, 'empty');
  mkdirSync(empty);
  expect((await workshop.lockstep('conform', empty)).stderr).toMatch(/there is no recording \(\*\.trace\.jsonl\) in/);
});

test('a system is driven through real nodes', async () => {
  const { code, stdout } = await workshop.lockstep('conform', 'paxos', 'proposers=1', 'nodes=2');
  expect(stdout).toMatch(/\d+ distinct local transitions in \d+ global states/);
  expect(stdout).toMatch(/CONFORMS: after each step, the nodes were in the states of the model/);
  expect(code).toBe(0);
  const refused = await workshop.lockstep('conform', 'paxos', 'network=set');
  expect(refused.stderr).toContain('drive it with network=bag or network=fifo');
  expect(refused.code).toBe(2);
});
