/** Manifests: the runs of each system that are pinned, with what they must give. */

import { existsSync, readFileSync } from 'node:fs';
import { type CheckOptions, type CheckResult, check } from '../explorer/check.ts';
import type { System } from '../model/contract/system.ts';

/** The repository's root, from the sources and from the build alike. */
export const ROOT = new URL(import.meta.url.includes('/dist/') ? '../../' : '../', import.meta.url);

/** A run: which instance, how long it may take, and what it gives. */
export interface PinnedRun extends PinnedResult {
  /** `seconds` is run by every check of the repository, `minutes` by the full one. */
  readonly tier: 'seconds' | 'minutes';
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
  readonly mutant: string | null;
}

export interface PinnedResult {
  readonly verdict: CheckResult['verdict'];
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
  /** The number of events of the shortest run that violates a property, or (for `sometimes`) reaches it. */
  readonly lengths: Readonly<Record<string, number>>;
  /** Properties that do not hold, in the system's order. */
  readonly violated: readonly string[];
}

/** A run with symmetry. What it has in common with the run without is not repeated. */
export interface SymmetricRun extends SymmetricResult {
  readonly tier: PinnedRun['tier'];
  readonly parameters: PinnedRun['parameters'];
  readonly mutant: string | null;
}

export interface SymmetricResult {
  readonly verdict: CheckResult['verdict'];
  readonly distinct: number;
  readonly generated: number;
  /** How many states the distinct ones stand for. */
  readonly represented: number;
}

export interface Manifest {
  readonly runs: readonly PinnedRun[];
  readonly symmetric?: readonly SymmetricRun[];
}

export function manifestPath({ name }: System): URL {
  return new URL(`model/${name}/manifest.json`, ROOT);
}

export function readManifest(system: System): Manifest {
  const path = manifestPath(system);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : { runs: [] };
}

/** What a run gives now, whoever does the work. */
export async function resultOf(
  system: System,
  { parameters, mutant }: Pick<PinnedRun, 'parameters' | 'mutant'>,
  workers: Pick<CheckOptions, 'workers' | 'origin' | 'workersAfter'> = {},
): Promise<PinnedResult> {
  const checked = await check(system, { parameters, mutant, ...workers });
  const { verdict, distinct, generated, depth } = checked;
  return { verdict, distinct, generated, depth, ...foundIn(checked) };
}

/** What a run gives now with symmetry; `alike` is all else in which it must be like the run without. */
export async function symmetricResultOf(
  system: System,
  { parameters, mutant }: Pick<PinnedRun, 'parameters' | 'mutant'>,
): Promise<{ readonly result: SymmetricResult; readonly alike: Pick<PinnedResult, 'depth' | 'lengths' | 'violated'> }> {
  const checked = await check(system, { parameters, mutant, symmetry: true });
  const { verdict, distinct, generated, depth, symmetry } = checked;
  const { lengths, violated } = foundIn(checked);
  return {
    result: { verdict, distinct, generated, represented: symmetry?.represented ?? distinct },
    alike: { depth, lengths, violated },
  };
}

function foundIn({ properties }: CheckResult): Pick<PinnedResult, 'lengths' | 'violated'> {
  const lengths = properties.flatMap(({ name, trace }) =>
    trace === null ? [] : [[name, trace.events.length] as const],
  );
  const violated = properties.filter((property) => property.verdict === 'violated').map(({ name }) => name);
  return { lengths: Object.fromEntries(lengths), violated };
}

/** A run as people name it: `crashes=1, mutant own-value`. */
export function runName({ parameters, mutant }: Pick<PinnedRun, 'parameters' | 'mutant'>): string {
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return [...values, ...(mutant === null ? [] : [`mutant ${mutant}`])].join(', ') || 'defaults';
}
