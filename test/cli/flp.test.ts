/** `lockstep flp`, as a user runs it. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COUNTER } from './files.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();
workshop.write('counter.ts', COUNTER);

/** One process that decides; `handlers` is what it does, `consensus` what it says of itself. */
function decider(handlers: string, consensus: string): string {
  return `
import { protocol, system } from 'lockstep';

const decider = protocol({
  name: 'decider',
  version: 1,
  messages: {},
  timers: ['tick'],
  init: () => ({ round: 0, decided: null as number | null }),
  start: (_state, { setTimer }) => setTimer('tick'),
  timeout: { tick(state, { setTimer }) { ${handlers} } },
  receive: {},
});

export default system({
  name: 'decider',
  summary: 'decides',
  build: () => ({
    processes: [{ id: 'n1', protocol: decider }],
    network: 'bag',
    view: ({ decided }) => ({ decided }),
    properties: [],
    ${consensus}
  }),
});
`;
}

const SAYS = 'consensus: { inputs: { n1: 1 }, decision: ({ decided }) => decided },';

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

test.each(['line', 'diamond', 'graph'])('--picture %s draws', async (picture) => {
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
  workshop.write('endless.ts', decider("state.round++; setTimer('tick');", SAYS));
  const { code, stdout } = await workshop.lockstep('flp', 'endless.ts', '--configurations', '1000');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('the graph has no end: name them in consensus.ordered');
  expect(code).toBe(3);
});

test('numbers that only grow make a finite graph, once they are declared', async () => {
  const ordered = SAYS.replace('decision:', "ordered: { fields: ['round'], modulus: 1 }, decision:");
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
    decider("state.decided = state.decided === null ? 1 : null; setTimer('tick');", SAYS),
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
