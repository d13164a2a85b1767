import { expect, test } from 'vitest';
import { systemText } from '../../cli/list.ts';
import { builtInNames, builtInSystems } from '../../model/registry.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();

test('lists every built-in system', async () => {
  const { code, stdout } = await workshop.lockstep('list');
  for (const name of builtInNames) expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
  expect(code).toBe(0);
});

test('fits 80 columns where there is no terminal', async () => {
  const outputs = [await workshop.lockstep('list'), await workshop.lockstep('list', 'raft')];
  const texts = (await builtInSystems()).map((system) => systemText(system, system.name, { width: 80, color: false }));
  for (const line of [...outputs.map(({ stdout }) => stdout), ...texts].flatMap((text) => text.split('\n')))
    expect(line.length).toBeLessThanOrEqual(80);
});

test('of one: parameters with defaults and ranges, properties, mutants with what they break', async () => {
  const { code, stdout } = await workshop.lockstep('list', 'paxos');
  expect(stdout).toMatch(/nodes=3 .*\(1 to 7\)/);
  expect(stdout).toMatch(/network=bag .*\(bag, set, fifo\)/);
  expect(stdout).toMatch(/agreement +in every reachable state/);
  expect(stdout).toMatch(/own-value +The proposer prefers its own value/);
  expect(code).toBe(0);
});

test('--json', async () => {
  const { stdout } = await workshop.lockstep('list', '--json');
  const { systems } = JSON.parse(stdout);
  expect(systems.map(({ name }: { name: string }) => name)).toEqual(builtInNames);
  const { stdout: one } = await workshop.lockstep('list', 'paxos', '--json');
  expect(JSON.parse(one)).toMatchObject({
    name: 'paxos',
    parameters: { nodes: { kind: 'integer', default: 3, min: 1, max: 7 } },
    mutants: { 'own-value': { breaks: expect.any(String) } },
  });
  expect(JSON.parse(one).properties).toContainEqual({ name: 'agreement', kind: 'always' });
});

test('every command explains itself, with examples', async () => {
  for (const command of ['list', 'check', 'simulate', 'replay']) {
    const { code, stdout } = await workshop.lockstep(command, '--help');
    expect(stdout).toContain(`Usage: lockstep ${command}`);
    expect(stdout).toContain('Examples:\n  lockstep ');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    expect(code).toBe(0);
  }
});

test('--version', async () => {
  expect((await workshop.lockstep('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
