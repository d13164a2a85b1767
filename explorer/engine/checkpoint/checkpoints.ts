/**
 * Checkpoints: a search between two phases, on disk, so that another process can go on with it.
 *
 * A directory holds one checkpoint: three files with the visited set, the shared tables and the frontier, and
 * `checkpoint.json`, which names them and says what they belong to. The next checkpoint is written into files of other
 * names; only when they are safely on disk is `checkpoint.json` replaced, in one stroke, and the old files removed. So
 * whenever the process is killed, the directory holds a whole checkpoint: the last one or the one before.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { equal } from '../../../model/contract/data.ts';
import { messageOf, UsageError } from '../../../model/contract/errors.ts';
import type { Expansion } from '../expansion.ts';
import type { Counts } from '../tally.ts';
import { damageOf, SequentialReader, writeSealed } from './checked-file.ts';
import { frontierParts, restoreFrontier, restoreTables, restoreVisited, tableParts, visitedParts } from './contents.ts';

/** What a checkpoint belongs to: it is of use only where this is the same. Plain data. */
export type Identity = Readonly<Record<string, unknown>>;

/** How far a search has come, besides what is in the visited set and the frontier. */
export interface Standing {
  /** The depth of the states that are to be expanded, and whether that has begun. */
  readonly depth: number;
  readonly isBegun: boolean;
  /** How many rows have been expanded. */
  readonly expanded: number;
  readonly elapsedMs: number;
  readonly counts: Counts;
}

const FORMAT = 4;
const MANIFEST = 'checkpoint.json';
const PARTIAL = 'checkpoint.json.partial';

const file = z.strictObject({ name: z.string().regex(/^[a-z]+-\d+$/), bytes: z.int().min(0), crc32: z.int() });
const manifestSchema = z.strictObject({
  lockstepCheckpoint: z.literal(FORMAT),
  identity: z.record(z.string(), z.unknown()),
  generation: z.int().min(1),
  depth: z.int().min(1),
  isBegun: z.boolean(),
  expanded: z.int().min(0),
  elapsedMs: z.number().min(0),
  counts: z.custom<Counts>((value) => typeof value === 'object' && value !== null && 'generated' in value),
  visited: z.strictObject({ capacity: z.int().min(1), size: z.int().min(0) }),
  files: z.strictObject({ visited: file, tables: file, frontier: file }),
});

type Manifest = z.infer<typeof manifestSchema>;
type SealedFile = z.infer<typeof file>;

/** Checkpoints of one search in one directory. */
export class Checkpoints {
  readonly #directory: string;
  readonly #identity: Identity;
  #generation = 0;

  private constructor(directory: string, identity: Identity) {
    this.#directory = directory;
    this.#identity = identity;
  }

  /**
   * For a search that begins.
   *
   * @throws UsageError when the directory cannot be made, or has a checkpoint already.
   */
  static begin(directory: string, identity: Identity): Checkpoints {
    try {
      mkdirSync(directory, { recursive: true });
    } catch (thrown) {
      throw new UsageError(`cannot make the directory ${directory} for checkpoints: ${messageOf(thrown)}`);
    }
    if (existsSync(join(directory, MANIFEST))) {
      throw new UsageError(
        `${directory} has a checkpoint already: go on from it with --resume ${directory}, or choose another directory`,
      );
    }
    return new Checkpoints(directory, identity);
  }

  /**
   * For a search that goes on from what is in the directory: it is put into an expansion that has not started. `makeRoom`
   * reserves all the memory that the search may take.
   *
   * @throws UsageError when there is no checkpoint, when it is damaged, or when it belongs to something else.
   */
  static async resume(
    directory: string,
    identity: Identity,
    expansion: Expansion,
    makeRoom: () => void,
  ): Promise<{ checkpoints: Checkpoints; standing: Standing }> {
    const manifest = readManifest(directory);
    mustBelong(directory, manifest.identity, identity);
    const checkpoints = new Checkpoints(directory, identity);
    checkpoints.#generation = manifest.generation;
    const { depth, isBegun, expanded, elapsedMs } = manifest;
    await checkpoints.#restore(manifest, expansion, makeRoom);
    return { checkpoints, standing: { depth, isBegun, expanded, elapsedMs, counts: manifest.counts } };
  }

  /** Writes a checkpoint. To be called between phases. @throws NodeJS.ErrnoException, for a full disk say. */
  async write(expansion: Expansion, { counts, ...standing }: Standing): Promise<void> {
    const generation = this.#generation + 1;
    const { visited } = expansion;
    try {
      const manifest: Manifest = {
        lockstepCheckpoint: FORMAT,
        identity: { ...this.#identity },
        generation,
        ...standing,
        counts,
        visited: { capacity: visited.capacity, size: visited.size },
        files: {
          visited: await this.#writeFile(`visited-${generation}`, visitedParts(expansion)),
          tables: await this.#writeFile(`tables-${generation}`, tableParts(expansion)),
          frontier: await this.#writeFile(`frontier-${generation}`, frontierParts(expansion)),
        },
      };
      await this.#publish(manifest);
    } catch (thrown) {
      await this.#removeAllBut(this.#generation);
      throw thrown;
    }
    this.#generation = generation;
    await this.#removeAllBut(generation);
  }

  /** Removes the checkpoint, and the directory if nothing else is in it: the search is done. */
  async remove(): Promise<void> {
    await rm(join(this.#directory, MANIFEST), { force: true });
    await this.#removeAllBut(0);
    if (readdirSync(this.#directory).length === 0) await rm(this.#directory, { recursive: true });
  }

  async #publish(manifest: Manifest): Promise<void> {
    const partial = await open(join(this.#directory, PARTIAL), 'w');
    try {
      await partial.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
      await partial.sync();
    } finally {
      await partial.close();
    }
    await rename(join(this.#directory, PARTIAL), join(this.#directory, MANIFEST));
    await this.#syncDirectory();
  }

  /** The names in a directory are safe only when it is synced as well; where directories cannot be, there is no need. */
  async #syncDirectory(): Promise<void> {
    const directory = await open(this.#directory, 'r').catch(() => null);
    await directory?.sync().catch(() => {});
    await directory?.close();
  }

  async #writeFile(name: string, parts: Iterable<Uint8Array>): Promise<SealedFile> {
    return { name, ...(await writeSealed(join(this.#directory, name), parts)) };
  }

  async #removeAllBut(generation: number): Promise<void> {
    for (const name of readdirSync(this.#directory)) {
      const [, of] = /^(?:visited|tables|frontier)-(\d+)$/.exec(name) ?? [];
      if ((of !== undefined && Number(of) !== generation) || name === PARTIAL) {
        await rm(join(this.#directory, name), { force: true });
      }
    }
  }

  async #restore({ visited, files }: Manifest, expansion: Expansion, makeRoom: () => void): Promise<void> {
    for (const { name, ...seal } of Object.values(files)) {
      const damage = await damageOf(join(this.#directory, name), seal);
      if (damage === null) continue;
      throw new UsageError(`the checkpoint in ${this.#directory} is of no use any more: ${name} ${damage}`);
    }
    const fits = () => expansion.visited.beginRestoration(visited);
    if (!fits()) makeRoom();
    if (!fits()) {
      throw new UsageError(
        `the checkpoint in ${this.#directory} has ${visited.size} states, more than fit into the memory allowed: ` +
          'give more with --memory',
      );
    }
    await this.#read(files.visited, (reader) => restoreVisited(expansion, reader));
    await this.#read(files.tables, (reader) => restoreTables(expansion, files.tables.bytes, reader));
    await this.#read(files.frontier, (reader) => restoreFrontier(expansion, files.frontier.bytes, reader));
  }

  async #read({ name }: SealedFile, restore: (reader: SequentialReader) => Promise<void>): Promise<void> {
    const reader = await SequentialReader.open(join(this.#directory, name));
    try {
      await restore(reader);
    } finally {
      await reader.close();
    }
  }
}

function readManifest(directory: string): Manifest {
  const path = join(directory, MANIFEST);
  if (!existsSync(path)) throw new UsageError(`there is no checkpoint in ${directory}`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (thrown) {
    throw new UsageError(`${path} cannot be read: ${messageOf(thrown)}`);
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UsageError(`${path} is not a checkpoint of format ${FORMAT}: ${issue?.path.join('.')} ${issue?.message}`);
}

function mustBelong(directory: string, found: Identity, wanted: Identity): void {
  const names = [...new Set([...Object.keys(found), ...Object.keys(wanted)])];
  const differing = names.filter((name) => !equal(found[name] ?? null, wanted[name] ?? null));
  if (differing.length === 0) return;
  const lines = differing.map((name) => `  ${name}: ${shown(found[name])} there, ${shown(wanted[name])} here`);
  throw new UsageError(`the checkpoint in ${directory} belongs to another search:\n${lines.join('\n')}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
