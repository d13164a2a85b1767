/** Who looks after a local cluster: shows how it is, and does to it what the keys say. */

import { emitKeypressEvents, type Key } from 'node:readline';
import { type Paper, paint } from '../explorer/report/text.ts';
import type { LocalCluster, NodeLife, NodeReport } from '../impl/local/local-cluster.ts';
import type { ProcessId } from '../model/contract/protocol.ts';
import { paperOf } from './streams.ts';

/** Milliseconds between two looks. */
const LOOK = 300;
const CLEAR_SCREEN = '\x1b[2J\x1b[H';
const KEYS = 'up, down, 1-9: choose · k: kill · r: restart · p: pause or resume · c: cut off or mend · q: quit';
/** The latest events that are shown. */
const MOST_EVENTS = 8;

/** A node as it was found. */
export interface Seen {
  readonly id: ProcessId;
  readonly life: NodeLife;
  readonly report: NodeReport | null;
  readonly isCutOff: boolean;
}

export class Attendant {
  readonly #events: string[] = [];
  readonly #cutOff = new Set<ProcessId>();
  #seen: readonly Seen[] = [];
  #chosen = 0;
  #isOver = false;

  constructor(private readonly title: string) {}

  /** A node has ended by itself. */
  mourn(node: ProcessId, why: string): void {
    // Ctrl-C on a terminal asks all of them to end.
    if (!this.#isOver) this.#note(`${node} has ended by itself: ${why}`);
  }

  /** Until the user has seen enough, or the process is asked to end. */
  async attend(cluster: LocalCluster, directory: string | null): Promise<void> {
    const isShown = process.stdout.isTTY && process.stdin.isTTY;
    if (!isShown) {
      const clients = [...cluster.clients].map((entry) => entry.join('=')).join(',');
      process.stdout.write(`${this.title}: ${cluster.nodes.join(', ')}; for clients: --nodes ${clients}\n`);
      if (directory !== null) process.stdout.write(`state and logs are in ${directory}\n`);
    }
    const look = async (): Promise<void> => {
      const seen = await Promise.all(
        cluster.nodes.map(async (id) => ({
          id,
          life: cluster.life(id),
          report: await cluster.report(id),
          isCutOff: this.#cutOff.has(id),
        })),
      );
      for (const change of changesBetween(this.#seen, seen)) this.#note(change);
      this.#seen = seen;
      if (isShown) process.stdout.write(`${CLEAR_SCREEN}${this.#screen(cluster, paperOf(process.stdout))}`);
    };
    await new Promise<void>((resolve) => {
      const looking = (async () => {
        while (!this.#isOver) {
          await look();
          await new Promise((next) => setTimeout(next, LOOK));
        }
      })();
      const letGo = isShown ? this.#heedKeys(cluster, () => quit()) : () => {};
      const quit = (): void => {
        if (this.#isOver) return;
        this.#isOver = true;
        letGo();
        process.off('SIGINT', quit);
        process.off('SIGTERM', quit);
        void looking.then(resolve);
      };
      process.on('SIGINT', quit);
      process.on('SIGTERM', quit);
    });
  }

  #heedKeys(cluster: LocalCluster, quit: () => void): () => void {
    const { stdin } = process;
    emitKeypressEvents(stdin);
    stdin.setRawMode(true);
    stdin.resume();
    const press = (text: string | undefined, key: Key): void => {
      if (key.name === 'q' || key.name === 'escape' || (key.ctrl === true && key.name === 'c')) return quit();
      this.#act(cluster, text, key);
    };
    stdin.on('keypress', press);
    stdin.once('end', quit);
    return () => {
      stdin.off('keypress', press);
      stdin.setRawMode(false);
      stdin.pause();
    };
  }

  #act(cluster: LocalCluster, text: string | undefined, { name }: Key): void {
    const { nodes } = cluster;
    const node = nodes[this.#chosen];
    const digit = Number(text);
    if (digit >= 1 && digit <= nodes.length) this.#chosen = digit - 1;
    else if (name === 'up') this.#chosen = (this.#chosen + nodes.length - 1) % nodes.length;
    else if (name === 'down') this.#chosen = (this.#chosen + 1) % nodes.length;
    if (node === undefined) return;
    if (name === 'k') cluster.kill(node);
    else if (name === 'r') cluster.restart(node);
    else if (name === 'p' && cluster.life(node) === 'paused') cluster.resume(node);
    else if (name === 'p') cluster.pause(node);
    else if (name === 'c') this.#cut(cluster, node);
  }

  #cut(cluster: LocalCluster, node: ProcessId): void {
    const mends = this.#cutOff.delete(node);
    if (!mends) this.#cutOff.add(node);
    for (const peer of cluster.nodes) {
      if (peer === node) continue;
      for (const [from, to] of [
        [node, peer],
        [peer, node],
      ] as const) {
        if (!mends) cluster.block(from, to);
        // A link to a node that is cut off itself stays so.
        else if (!this.#cutOff.has(peer)) cluster.unblock(from, to);
      }
    }
  }

  #note(event: string): void {
    if (process.stdout.isTTY) this.#events.push(event);
    else process.stdout.write(`${event}\n`);
  }

  #screen(cluster: LocalCluster, paper: Paper): string {
    const rows = this.#seen.map((seen, at) => row(seen, at === this.#chosen, paper));
    const clients = [...cluster.urls].map(([id, url]) => `${id} ${url}`).join('  ');
    return [
      paint(this.title, 'bold', paper.color),
      '',
      paint(`  ${heading()}`, 'dim', paper.color),
      ...rows,
      '',
      `clients: ${clients}`,
      '',
      ...this.#events.slice(-MOST_EVENTS).map((event) => paint(event, 'dim', paper.color)),
      '',
      KEYS,
      '',
    ].join('\n');
  }
}

const COLUMNS = [
  ['node', 6],
  ['', 9],
  ['role', 14],
  ['term', 6],
  ['leader', 8],
  ['log', 8],
  ['committed', 11],
  ['links', 0],
] as const;

function heading(): string {
  return COLUMNS.map(([name, width]) => name.padEnd(width)).join('');
}

function row({ id, life, report, isCutOff }: Seen, isChosen: boolean, { color }: Paper): string {
  const { role = '', term = '', leader = '', logLength = '', committed = '', peersUp = [] } = report ?? {};
  const how = life === 'up' ? (isCutOff ? 'cut off' : report === null ? 'silent' : 'up') : life;
  const cells = [id, how, role, term, leader ?? 'none', logLength, committed, [...peersUp].sort().join(' ')];
  const text = cells.map((cell, at) => String(cell).padEnd(COLUMNS[at]?.[1] ?? 0)).join('');
  const style = life === 'down' ? 'red' : role === 'leader' ? 'green' : undefined;
  return `${isChosen ? '>' : ' '} ${paint(text.trimEnd(), style, color)}`;
}

/** What has changed between two looks, in sentences. */
export function changesBetween(before: readonly Seen[], after: readonly Seen[]): string[] {
  return after.flatMap(({ id, life, report, isCutOff }) => {
    const was = before.find((seen) => seen.id === id);
    const changes: string[] = [];
    if (was !== undefined && was.life !== life) changes.push(`${id} is ${life}`);
    if (was !== undefined && was.isCutOff !== isCutOff)
      changes.push(`${id} is ${isCutOff ? 'cut off' : 'linked again'}`);
    if (report === null) return changes;
    const { role, term, peersUp = [] } = report;
    if (role === 'leader' && (was?.report?.role !== 'leader' || was.report.term !== term)) {
      changes.push(`${id} leads in term ${term}`);
    }
    const links = [...peersUp].sort().join(', ');
    if (links !== [...(was?.report?.peersUp ?? [])].sort().join(', ')) {
      changes.push(`${id} has ${links === '' ? 'no links' : `links to ${links}`}`);
    }
    return changes;
  });
}
