/** `lockstep flp`, as a user runs it. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COUNTER, DECISION, decider, ENDLESS } from './files.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();
workshop.write('counter.ts', COUNTER);

test('the walk is told within 80 columns, lemma by lemma', async () => {
  const { code, stdout } = await workshop.lockstep('flp', 'leader-takeover');
  for (const text of ['Lemma 1', 'Lemma 2', 'Lemma 3', 'The verdict', 'agreement                   LOST'])
    expect(stdout).toContain(text);
  expect(stdout).toContain('takeOver fires');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(code).toBe(0);
});

test('--json is one document: valences, verdict and witness', async () => {
  const { code, stdout, stderr } = await workshop.lockstep('flp', 'first-answers', 'inputs=01', '--json');
  const { initial, verdict, disagreement } = JSON.parse(stdout);
  expect(initial.map(({ inputs }: { inputs: string }) => inputs)).toEqual(['00', '01', '11', '10']);
  expect(initial[1]).toMatchObject({ canDecide: [0, 1], bivalent: true });
  expect(verdict).toEqual({ agreement: 'lost', validity: 'kept', termination: 'kept' });
  expect(disagreement.events.at(-1)).toMatchObject({ type: 'timeout' });
  expect(stderr).toContain('The verdict');
  expect(code).toBe(0);
});

test.each(['line', 'diamond', 'graph', 'run'])('--picture %s draws', async (picture) => {
  const out = join(workshop.path, `${picture}.svg`);
  const { code } = await workshop.lockstep('flp', 'first-answers', '--picture', picture, '--out', out);
  expect(readFileSync(out, 'utf8')).toContain('</svg>');
  expect(code).toBe(0);
});

test('too many configurations: stopped, with what to do, and nothing concluded', async () => {
  const { code, stdout } = await workshop.lockstep('flp', 'wait-for-all', '--configurations', '50');
  expect(stdout).toContain('more than 50 configurations from inputs 000');
  expect(stdout).toContain('--configurations N');
  expect(stdout).not.toContain('The verdict');
  expect(code).toBe(3);
});

test('an unbounded graph: stopped, with what makes it finite', async () => {
  workshop.write('endless.ts', ENDLESS);
  const { code, stdout } = await workshop.lockstep('flp', 'endless.ts', '--configurations', '1000');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('the graph has no end: name them in consensus.ordered');
  expect(code).toBe(3);
});

test('more memory than there may be: stopped, with what to do', async () => {
  const args = ['flp', 'endless.ts', '--configurations', '100000000', '--memory', '40M'];
  const { code, stdout } = await workshop.lockstep(...args);
  const text = stdout.replaceAll(/\s+/g, ' ');
  expect(text).toContain('STOPPED: the walk does not fit into 40 MB of memory, with ');
  expect(text).toContain('or allow more: --memory SIZE.');
  expect(code).toBe(3);
});

test('a timer that its budget lets fire no more does not block: nothing is known of what would come', async () => {
  const patient = decider("state.round++; if (state.round > 1) state.decided = 1; else setTimer('tick');", DECISION);
  workshop.write('once.ts', patient.replace("network: 'bag',", "network: 'bag', environment: { timeouts: 1 },"));
  const { stdout } = await workshop.lockstep('flp', 'once.ts');
  expect(stdout).toContain('to keep the graph finite: timeouts: at most 1');
  expect(stdout).toContain('termination with one crash  kept within the bounds');
  const drawn = await workshop.lockstep('flp', 'once.ts', '--picture', 'run', '--out', 'run.svg');
  expect(drawn).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no run that shows it') });
  workshop.write('twice.ts', patient.replace("network: 'bag',", "network: 'bag', environment: { timeouts: 2 },"));
  expect((await workshop.lockstep('flp', 'twice.ts')).stdout).toMatch(/^ {2}termination with one crash {2}kept$/m);
});

test('numbers that only grow make a finite graph, once they are declared', async () => {
  const ordered = DECISION.replace('decision:', "ordered: { fields: ['round'], modulus: 1 }, decision:");
  workshop.write('growing.ts', decider("state.round++; setTimer('tick');", ordered));
  const { code, stdout } = await workshop.lockstep('flp', 'growing.ts');
  expect(stdout).toContain('again and again');
  expect(code).toBe(0);
});

test.each<[string, string, string]>([
  ['a system that says nothing of decisions', decider('', ''), 'does not say what a decision is'],
  ['a bare transition system', COUNTER, 'is a bare transition system'],
  [
    'a decision that is taken back',
    decider("state.decided = state.decided === null ? 1 : null; setTimer('tick');", DECISION),
    'a decision is for good',
  ],
])('%s is refused', async (_, text, says) => {
  workshop.write('mine.ts', text);
  const { code, stderr } = await workshop.lockstep('flp', 'mine.ts');
  expect(stderr).toContain(says);
  expect(code).toBe(2);
});

test.each([
  [['flp', 'wait-for-all', '--picture', 'line'], '--picture says what --out draws'],
  [['flp', 'wait-for-all', '--out', 'run.html'], 'its extension must say what to draw'],
  [['flp', 'wait-for-all', 'inputs=021'], 'inputs is a 0 or a 1 for each of 2 to 4 processes'],
])('wrongly asked for: %j', async (args, says) => {
  const { code, stderr } = await workshop.lockstep(...args);
  expect(stderr).toContain(says);
  expect(existsSync(join(workshop.path, 'run.html'))).toBe(false);
  expect(code).toBe(2);
});
