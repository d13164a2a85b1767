import { expect, test } from 'vitest';
import { Workshop } from './program.ts';

const workshop = new Workshop();

test('a table of one scenario, within 80 columns', async () => {
  const { code, stdout } = await workshop.lockstep('connectivity', '--scenario', 'chained');
  expect(stdout).toMatch(/^raft +livelock: B, C$/m);
  expect(stdout).toMatch(/^omni-paxos +C leads$/m);
  expect(stdout).not.toContain('quorum-loss');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(code).toBe(0);
});

test('--witness tells the run', async () => {
  const args = ['connectivity', '--scenario', 'chained', '--protocol', 'raft', '--witness'];
  const { code, stdout } = await workshop.lockstep(...args);
  expect(stdout).toContain('C: election timeout. A follows C in term 2');
  expect(stdout).toContain('again and again');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(code).toBe(0);
});

test('--json', async () => {
  const args = ['connectivity', '--scenario', 'chained', '--protocol', 'raft', '--json'];
  const plain = JSON.parse((await workshop.lockstep(...args)).stdout);
  expect(plain.verdicts).toMatchObject([
    { scenario: 'chained', protocol: 'raft', outcome: 'livelock', leaders: ['B', 'C'], witness: null },
  ]);
  const told = JSON.parse((await workshop.lockstep(...args, '--witness')).stdout);
  expect(told.verdicts[0].witness.run[0]).toMatchObject({ timer: { server: 'C', timer: 'election' } });
});

test.each([
  ['--scenario', 'chaned', 'chained'],
  ['--protocol', 'rafts', 'raft'],
])('a wrong name: %s %s', async (option, given, meant) => {
  const { code, stderr, stdout } = await workshop.lockstep('connectivity', option, given);
  expect(stderr).toContain(`there is no ${option.slice(2)} '${given}'`);
  expect(stderr).toContain(`Did you mean '${meant}'?`);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('--help has examples', async () => {
  const { code, stdout } = await workshop.lockstep('connectivity', '--help');
  expect(stdout).toContain('Usage: lockstep connectivity');
  expect(stdout).toContain('Examples:\n  lockstep connectivity');
  expect(code).toBe(0);
});
