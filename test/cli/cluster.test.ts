/** `lockstep cluster` and `lockstep client` as processes: real nodes, a real service, and nothing left behind. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freePorts } from '../../impl/local/free-ports.ts';
import { finished, LAUNCHER, Workshop } from './program.ts';

const workshop = new Workshop();
const PATIENCE = 60_000;

/** A cluster of three whose first node serves clients at a port; the words it has said so far. */
async function started(): Promise<{
  child: ChildProcess;
  said: () => string;
  port: number;
  pids: () => Promise<number[]>;
}> {
  const [port = 0] = await freePorts(1);
  const child = spawn(process.execPath, [LAUNCHER, 'cluster', 'raft', '--ephemeral', '--port', String(port)], {
    cwd: workshop.path,
    // Where an ephemeral cluster keeps what it keeps: here, so that it can be seen to be gone.
    env: { PATH: process.env.PATH, TMPDIR: workshop.path },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  await until(() => text.includes(' leads in term '));
  const pids = () => Promise.all([0, 1, 2].map(async (at) => Number((await status(port + at)).pid)));
  return { child, said: () => text, port, pids };
}

async function status(port: number): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}/status`);
  return (await response.json()) as Record<string, unknown>;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 50));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('serves clients, tells who leads, and leaves nothing behind when it is stopped', {
  timeout: PATIENCE,
}, async () => {
  const { child, said, port, pids } = await started();
  const nodes = [0, 1, 2].map((at) => `n${at + 1}=127.0.0.1:${port + at}`).join(',');
  const client = async (...args: string[]) => {
    const { code, stdout } = await workshop.lockstep('client', ...args, '--nodes', nodes);
    return `${stdout.trim()} (${code})`;
  };
  expect(await client('put', 'x', '1')).toBe('x = 1 (0)');
  expect(await client('cas', 'x', '2', '3')).toBe('x has not the expected value (1)');
  expect(await client('get', 'x')).toBe('1 (0)');
  expect(await client('get', 'y', '--json')).toMatch(/"result": null\n} \(1\)$/);

  // What curl would do.
  const url = `http://127.0.0.1:${port}/kv/x`;
  const put = { method: 'PUT', body: JSON.stringify({ value: '2', expected: '1' }) };
  expect(await (await fetch(url, put)).json()).toEqual({ key: 'x', swapped: true });
  expect(await (await fetch(url)).json()).toEqual({ key: 'x', value: '2' });
  expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(400);

  const [victim = 0, ...others] = await pids();
  process.kill(victim, 'SIGKILL');
  await until(() => said().includes('n1 has ended by itself: SIGKILL'));
  expect(await client('get', 'x')).toBe('2 (0)');

  const ended = finished(child);
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
  expect(others.filter(isAlive)).toEqual([]);
  expect(readdirSync(workshop.path)).toEqual([]);
});

test('its nodes end with it, even when it is killed', { timeout: PATIENCE }, async () => {
  const { child, pids } = await started();
  const nodes = await pids();
  expect(nodes.every(isAlive)).toBe(true);
  child.kill('SIGKILL');
  await until(() => !nodes.some(isAlive));
});

test('a client says when it is certain that nothing was done', { timeout: PATIENCE }, async () => {
  const [port = 0] = await freePorts(1);
  const nobody = ['--nodes', `n1=127.0.0.1:${port}`, '--timeout', '300'];
  const { code, stdout } = await workshop.lockstep('client', 'put', 'x', '1', ...nobody, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ happened: false });
  expect(code).toBe(2);
  const unsafe = await workshop.lockstep('client', 'get', 'x', '--tls-ca', 'a');
  expect(unsafe.stderr).toContain('a client needs all of --tls-ca, --tls-cert and --tls-key');
});
