import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { COUNTER } from './files.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();
workshop.write('counter.ts', COUNTER);

function written(name: string): string {
  return readFileSync(join(workshop.path, name), 'utf8');
}

beforeAll(async () => {
  await workshop.lockstep('check', 'paxos', '--mutant', 'own-value', '--out', 'paxos.json');
});

describe('of a system', () => {
  test('DOT on stdout', async () => {
    const { code, stdout } = await workshop.lockstep('graph', 'counter.ts', 'top=2');
    expect(stdout).toMatch(/^digraph /);
    expect(stdout.match(/->/g)).toHaveLength(2);
    expect(code).toBe(0);
  });

  test('SVG as the extension of --out says, or as --format does', async () => {
    const { code, stdout, stderr } = await workshop.lockstep('graph', 'counter.ts', '--out', 'states.svg');
    expect(written('states.svg')).toContain('</svg>');
    expect(stdout).toBe('');
    expect(stderr).toBe('The picture is in states.svg.\n');
    expect(code).toBe(0);
    const { stdout: asked } = await workshop.lockstep('graph', 'counter.ts', '--format', 'svg');
    expect(asked).toContain('</svg>');
  });

  test('a mutant', async () => {
    const { stdout } = await workshop.lockstep('graph', 'counter.ts', 'top=4', '--mutant', 'leap');
    expect(stdout.match(/->/g)).toHaveLength(2);
  });

  test('a quotient: one node for all states that agree', async () => {
    const { code, stdout } = await workshop.lockstep('graph', 'paxos', 'proposers=1', '--quotient', 'decided');
    expect(stdout).toContain('decided of n1, n2, n3');
    expect(code).toBe(0);
  });

  test('too large to be read: says what to do instead', async () => {
    const { code, stdout, stderr } = await workshop.lockstep('graph', 'counter.ts', 'top=10000', '--out', 'large.svg');
    expect(stderr).toContain('a picture of more than 100 states cannot be read');
    expect(stderr).toContain('--quotient');
    expect(stdout).toBe('');
    expect(existsSync(join(workshop.path, 'large.svg'))).toBe(false);
    expect(code).toBe(2);
    const { code: more } = await workshop.lockstep('graph', 'counter.ts', 'top=120', '--most', '130');
    expect(more).toBe(0);
  });
});

describe('of a trace', () => {
  test.each([
    ['run.svg', /<svg/],
    ['run.dot', /^digraph/],
    ['run.html', /^<!doctype html>/i],
    ['run.itf.json', /"#meta"/],
  ])('%s', async (out, looksLike) => {
    const { code } = await workshop.lockstep('graph', 'paxos.json', '--out', out);
    expect(written(out)).toMatch(looksLike);
    expect(code).toBe(0);
  });

  test('check --out writes the same picture', async () => {
    await workshop.lockstep('graph', 'paxos.json', '--out', 'run.svg');
    await workshop.lockstep('check', 'paxos', '--mutant', 'own-value', '--out', 'same.svg');
    expect(written('same.svg')).toBe(written('run.svg'));
  });
});

describe('refuses', () => {
  test.each<[string, string[], string]>([
    ['an unknown field', ['paxos', 'proposers=1', '--quotient', 'decide'], "Did you mean 'decided'?"],
    ['an unknown format', ['paxos', '--format', 'png'], "argument 'png' is invalid"],
    ['an unknown extension', ['paxos', '--out', 'a.png'], 'its extension must say what to draw'],
    ['a system as html', ['counter.ts', '--format', 'html'], 'html shows the run in a trace'],
    ['parameters of a trace', ['paxos.json', 'nodes=5'], 'nodes=5 is for the graph of a system'],
    ['a quotient of a trace', ['paxos.json', '--quotient', 'decided'], '--quotient is for the graph of a system'],
    ['no such trace', ['nowhere.json'], 'there is no file nowhere.json'],
    ['no such directory', ['paxos', '--out', 'nowhere/a.svg'], 'there is no directory nowhere'],
  ])('%s', async (_, args, says) => {
    const { code, stdout, stderr } = await workshop.lockstep('graph', ...args);
    expect(stderr).toContain(says);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
