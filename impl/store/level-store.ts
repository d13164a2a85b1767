/**
 * The durable state on disk: a snapshot, and the changes since, in a LevelDB.
 *
 * One write, flushed to the disk, for each change that the node asks for; the node puts the changes of many steps into one.
 * Changes are numbered. When those since the last snapshot have grown larger than it, the next write brings a new snapshot
 * and drops them, all or nothing.
 *
 * Each change carries a CRC-32 over itself and, by that of the change before, over all since the snapshot. LevelDB has
 * checksums of its own, but drops what does not fit them, which is right for a write that was torn and wrong for one that
 * was acknowledged. Here a gap, a change that does not fit, or fewer changes than were acknowledged is an error.
 */

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { fromJson, jsonText } from '../../model/contract/data.ts';
import { messageOf, UsageError } from '../../model/contract/errors.ts';
import { type Patch, patched, patchesFromJson } from '../../model/contract/patches.ts';
import type { Change, Store } from '../node/ports.ts';
import { Acknowledged, checksum, makeAcknowledged, readAcknowledged } from './acknowledged.ts';
import { StoreError } from './errors.ts';

/** Whose state it is: a directory serves one node of one cluster, and one version of one protocol. */
export interface Owner {
  readonly cluster: string;
  readonly node: string;
  readonly protocol: string;
  readonly protocolVersion: number;
}

/** Changes are kept until they are at least this large, in characters, and as large as the snapshot. */
const SMALLEST_LOG = 1 << 20;

const FORMAT = 1;
const OWNER = 'owner';
const INCARNATION = 'incarnation';
const SNAPSHOT = 'snapshot';
const FIRST_CHANGE = 'change/';
const LAST_CHANGE = 'change0';

type Database = ClassicLevel<string, string>;

/** What was read back. */
interface ReadBack {
  readonly kept: unknown;
  /** The number of the last change, and its checksum. */
  readonly last: number;
  readonly checksum: string;
  /** The sizes of the snapshot and of the changes since. */
  readonly snapshotSize: number;
  readonly logSize: number;
  readonly firstInLog: number;
}

/**
 * Opens the store in a directory, which is made if there is none.
 *
 * @throws StoreError when another process uses it, when it is another node's, or when what was acknowledged is not there
 *   as it was written.
 */
export async function openStore(directory: string, owner: Owner): Promise<LevelStore> {
  const mark = join(directory, 'acknowledged');
  const database = await openDatabase(directory, mark);
  try {
    await claim(database, owner, directory);
    const acknowledged = readAcknowledged(mark);
    if (acknowledged === null) throw damaged(directory, `the file ${mark} is missing`);
    const found = await readBack(database, directory);
    if ((found?.last ?? 0) < acknowledged) {
      const what = `${acknowledged} changes were acknowledged, and only ${found?.last ?? 0} are there`;
      throw damaged(directory, what);
    }
    const incarnation = Number((await database.get(INCARNATION)) ?? 0) + 1;
    await database.put(INCARNATION, String(incarnation), { sync: true });
    return new LevelStore(database, new Acknowledged(mark, found?.last ?? 0), incarnation, found);
  } catch (thrown) {
    await database.close();
    throw isCorruption(thrown) ? damaged(directory, messageOf(thrown)) : thrown;
  }
}

export class LevelStore implements Store {
  readonly recovered: { readonly kept: unknown } | null;
  #last: number;
  #checksum: string;
  #snapshotSize: number;
  #logSize: number;
  /** The first change that is not in the snapshot. */
  #firstInLog: number;

  constructor(
    private readonly database: Database,
    private readonly acknowledged: Acknowledged,
    readonly incarnation: number,
    found: ReadBack | null,
  ) {
    this.recovered = found === null ? null : { kept: found.kept };
    this.#last = found?.last ?? 0;
    this.#checksum = found?.checksum ?? checksum('', 0);
    this.#snapshotSize = found?.snapshotSize ?? 0;
    this.#logSize = found?.logSize ?? 0;
    this.#firstInLog = found?.firstInLog ?? 1;
  }

  commit({ patches, kept }: Change, done: (error: Error | null) => void): void {
    const isSnapshotDue = this.#last === 0 || this.#logSize > Math.max(SMALLEST_LOG, this.#snapshotSize);
    const written = isSnapshotDue ? this.#writeSnapshot(kept) : this.#writeChange(patches);
    written.then(
      () => {
        this.acknowledged.advance(this.#last);
        done(null);
      },
      (thrown: unknown) => done(new StoreError(`the disk did not take a write: ${messageOf(rootOf(thrown))}`)),
    );
  }

  #writeChange(patches: readonly Patch[]): Promise<void> {
    const text = jsonText(patches);
    this.#last += 1;
    this.#checksum = checksum(text, Number.parseInt(this.#checksum, 16));
    this.#logSize += text.length;
    return this.database.put(changeKey(this.#last), `${this.#checksum} ${text}`, { sync: true });
  }

  #writeSnapshot(kept: unknown): Promise<void> {
    this.#last += 1;
    const text = `{"last":${this.#last},"kept":${jsonText(kept)}}`;
    this.#checksum = checksum(text, 0);
    const superseded = Array.from({ length: this.#last - this.#firstInLog }, (_, index) => this.#firstInLog + index);
    this.#snapshotSize = text.length;
    this.#logSize = 0;
    this.#firstInLog = this.#last + 1;
    return this.database.batch(
      [
        ...superseded.map((number) => ({ type: 'del' as const, key: changeKey(number) })),
        { type: 'put', key: SNAPSHOT, value: `${this.#checksum} ${text}` },
      ],
      { sync: true },
    );
  }

  /** Lets the directory go; what has been committed stays. */
  async close(): Promise<void> {
    await this.database.close();
    this.acknowledged.close();
  }
}

function changeKey(number: number): string {
  return FIRST_CHANGE + String(number).padStart(16, '0');
}

async function openDatabase(directory: string, mark: string): Promise<Database> {
  try {
    const state = join(directory, 'state');
    mkdirSync(directory, { recursive: true });
    // Before the state: a state without a mark has lost it.
    if (!existsSync(state)) makeAcknowledged(mark);
    const database: Database = new ClassicLevel(state, { valueEncoding: 'utf8' });
    await database.open();
    return database;
  } catch (thrown) {
    throw openingError(directory, thrown);
  }
}

/** A new store gets this owner; one that has another is refused. */
async function claim(database: Database, owner: Owner, directory: string): Promise<void> {
  const text = JSON.stringify({ format: FORMAT, ...owner });
  const found = await database.get(OWNER);
  if (found === undefined) return database.put(OWNER, text, { sync: true });
  if (found === text) return;
  let its: Partial<Owner & { format: number }>;
  try {
    its = JSON.parse(found) as Partial<Owner & { format: number }>;
  } catch {
    throw damaged(directory, 'whose state it is cannot be read');
  }
  const { node, cluster, protocol, protocolVersion, format } = its;
  throw new StoreError(
    `${directory} has the state of node ${node} of cluster ${cluster}, protocol ${protocol} version ${protocolVersion} ` +
      `(format ${format}), not of node ${owner.node} of cluster ${owner.cluster}, protocol ${owner.protocol} version ` +
      `${owner.protocolVersion} (format ${FORMAT}): give this node a data directory of its own`,
  );
}

/** The snapshot and the changes since; null when nothing has been committed yet. */
async function readBack(database: Database, directory: string): Promise<ReadBack | null> {
  const snapshot = await database.get(SNAPSHOT);
  const changes = await database.iterator({ gte: FIRST_CHANGE, lt: LAST_CHANGE }).all();
  if (snapshot === undefined) {
    if (changes.length > 0) throw damaged(directory, 'there are changes, and no snapshot that they belong to');
    return null;
  }
  const text = contentOf(snapshot, 0);
  if (text === null) throw damaged(directory, 'the snapshot does not fit its checksum');
  const { last: snapshotLast, kept } = JSON.parse(text) as { last: number; kept: unknown };
  const patches: Patch[] = [];
  let [last, sum, logSize] = [snapshotLast, snapshot.slice(0, 8), 0];
  for (const [key, value] of changes) {
    if (key !== changeKey(last + 1)) throw damaged(directory, `change ${last + 1} is missing`);
    const change = contentOf(value, Number.parseInt(sum, 16));
    if (change === null) throw damaged(directory, `change ${last + 1} does not fit its checksum`);
    patches.push(...patchesFromJson(JSON.parse(change) as Patch[]));
    [last, sum, logSize] = [last + 1, value.slice(0, 8), logSize + change.length];
  }
  const before = { last, checksum: sum, snapshotSize: text.length, logSize, firstInLog: snapshotLast + 1 };
  return { ...before, kept: patched(fromJson(kept), patches) };
}

/** What was written behind its checksum; null if it does not fit. */
function contentOf(value: string, before: number): string | null {
  const text = value.slice(9);
  return value.slice(0, 9) === `${checksum(text, before)} ` ? text : null;
}

function damaged(directory: string, what: string): StoreError {
  return new StoreError(
    `the store in ${directory} is damaged: ${what}. The node does not start, for it could break what it has promised. ` +
      'Restore the directory from a copy, or give the node an empty one if its protocol allows that',
  );
}

function openingError(directory: string, thrown: unknown): Error {
  const root = rootOf(thrown);
  if (codeOf(root) === 'LEVEL_LOCKED') {
    return new StoreError(
      `${directory} is in use by another process: stop it, or give this node another data directory`,
    );
  }
  if (isCorruption(root)) return damaged(directory, messageOf(root));
  return new UsageError(`the store in ${directory} cannot be opened: ${messageOf(root)}`);
}

function isCorruption(thrown: unknown): boolean {
  const root = rootOf(thrown);
  return codeOf(root) === 'LEVEL_CORRUPTION' || (root instanceof Error && /^Corruption:/.test(root.message));
}

/** What LevelDB said, under what the library makes of it. */
function rootOf(thrown: unknown): unknown {
  return thrown instanceof Error && thrown.cause !== undefined ? rootOf(thrown.cause) : thrown;
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
