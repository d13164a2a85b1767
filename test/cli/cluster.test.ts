/** `lockstep cluster` and `lockstep client` as processes: real nodes, a real service, and nothing left behind. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freePorts } from '../../impl/local/free-ports.ts';
import { finished, LAUNCHER, Workshop } from './program.ts';

const workshop = new Workshop();

/** An operation must not be given up for want of time. */
const PATIENT = ['--timeout', '120000'];

interface Started {
  readonly child: ChildProcess;
  /** The words it has said so far. */
  readonly said: () => string;
  /** Where its nodes serve clients, as `lockstep client` takes it. */
  readonly nodes: string;
  readonly urls: readonly string[];
  readonly pids: readonly number[];
}

/** A cluster of three of which each node is up, and one leads. */
async function started(): Promise<Started> {
  const child = spawn(process.execPath, [LAUNCHER, 'cluster', 'raft', '--ephemeral', '--port', '0'], {
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
  const nodes = /--nodes (\S+)/.exec(text)?.[1] ?? '';
  const urls = nodes.split(',').map((node) => `http://${node.split('=')[1]}`);
  const pids = await Promise.all(urls.map(pidAt));
  return { child, said: () => text, nodes, urls, pids };
}

/** The process that serves clients there, as soon as one does. */
async function pidAt(url: string): Promise<number> {
  for (;;) {
    try {
      return ((await (await fetch(`${url}/status`)).json()) as { pid: number }).pid;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** What curl would get, and again as long as nobody leads. */
async function curl(url: string, asked: RequestInit = {}): Promise<unknown> {
  for (;;) {
    const response = await fetch(url, asked);
    if (response.ok) return response.json();
    await response.text();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
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

test('serves clients, tells who leads, and leaves nothing behind when it is stopped', async () => {
  const { child, said, nodes, urls, pids } = await started();
  const client = async (...args: string[]) => {
    const { code, stdout } = await workshop.lockstep('client', ...args, '--nodes', nodes, ...PATIENT);
    return `${stdout.trim()} (${code})`;
  };
  expect(await client('put', 'x', '1')).toBe('x = 1 (0)');
  expect(await client('cas', 'x', '2', '3')).toBe('x has not the expected value (1)');
  expect(await client('get', 'x')).toBe('1 (0)');
  expect(await client('get', 'y', '--json')).toMatch(/"result": null\n} \(1\)$/);

  const at = `${urls[0]}/kv/x`;
  expect(await curl(at, { method: 'PUT', body: '{"value": "2"}' })).toEqual({ key: 'x', value: '2' });
  expect(await curl(at)).toEqual({ key: 'x', value: '2' });
  expect((await fetch(at, { method: 'PUT', body: 'x' })).status).toBe(400);

  const [victim = 0, ...others] = pids;
  process.kill(victim, 'SIGKILL');
  await until(() => said().includes('n1 has ended by itself: SIGKILL'));
  expect(await client('get', 'x')).toBe('2 (0)');

  const ended = finished(child);
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
  expect(others.filter(isAlive)).toEqual([]);
  expect(readdirSync(workshop.path)).toEqual([]);
});

test('its nodes end with it, even when it is killed', async () => {
  const { child, pids } = await started();
  expect(pids.every(isAlive)).toBe(true);
  child.kill('SIGKILL');
  await until(() => !pids.some(isAlive));
});

test('a client says when it is certain that nothing was done', async () => {
  const [port = 0] = await freePorts(1);
  const nobody = ['--nodes', `n1=127.0.0.1:${port}`, '--timeout', '500'];
  const { code, stdout } = await workshop.lockstep('client', 'put', 'x', '1', ...nobody, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ happened: false });
  expect(code).toBe(2);
  const unsafe = await workshop.lockstep('client', 'get', 'x', '--tls-ca', 'a');
  expect(unsafe.stderr).toContain('a client needs all of --tls-ca, --tls-cert and --tls-key');
});
