/**
 * Termination with at most one crash: runs in which some live process never decides.
 *
 * Source: Fischer, Lynch and Paterson (JACM 1985), section 2, "admissible run"; the lecture, slide "FLP: Assumptions": all
 * correct nodes eventually decide.
 */

import { type Configurations, wayTo } from './configurations.ts';
import { FairLoops, type Region } from './fair-loop.ts';
import type { Valences } from './valence.ts';
import { isBivalent } from './values.ts';

/** A run that never ends the way it should: its edges, and from where on they repeat. */
export interface EndlessRun {
  /** The index of the process that takes no more steps after the stem; null when all keep taking steps. */
  readonly silent: number | null;
  readonly stem: readonly number[];
  /** Taken again and again; empty when nothing is left to happen: the run is blocked. */
  readonly loop: readonly number[];
  /** Whether no process ever decides, and both decisions stay open for ever. */
  readonly bivalent: boolean;
}

/** The infinite fair run of the theorem: nobody crashes, and every configuration is bivalent and without a decision. */
export function bivalentForEver(graph: Configurations, { decided, reachable }: Valences): EndlessRun | null {
  const has = (at: number) => decided[at] === 0 && isBivalent(reachable[at] as number);
  const loop = new FairLoops(graph, { has, silent: null }).shortest();
  return loop === null ? null : endless(graph, null, loop, true);
}

/** A run that ends in a configuration where nothing can happen although a live process has not decided: the shortest. */
export function blockedRun(graph: Configurations): EndlessRun | null {
  const blocked = silences(graph).flatMap((silent) => {
    const at = new FairLoops(graph, undecided(graph, silent)).blocked();
    return at === null ? [] : [{ silent, stem: wayTo(graph, at), loop: [], bivalent: false }];
  });
  return shortestOf(blocked);
}

/** Any infinite fair run in which some live process never decides. */
export function undecidedForEver(graph: Configurations): EndlessRun | null {
  const found = silences(graph).flatMap((silent) => {
    const loop = new FairLoops(graph, undecided(graph, silent)).shortest();
    return loop === null ? [] : [endless(graph, silent, loop, false)];
  });
  return shortestOf(found);
}

/** The shortest of runs, the earlier one of equals. */
function shortestOf(runs: readonly EndlessRun[]): EndlessRun | null {
  const length = ({ stem, loop }: EndlessRun) => stem.length + loop.length;
  return runs.reduce<EndlessRun | null>(
    (best, run) => (best === null || length(run) < length(best) ? run : best),
    null,
  );
}

/** Nobody crashes, or one of the processes does; those that a failure detector rightly takes to be correct do not. */
function silences({ world }: Configurations): (number | null)[] {
  const correct = world.instance.consensus.detector?.correct ?? [];
  return [null, ...[...world.ids.keys()].filter((process) => !correct.includes(world.ids[process] ?? ''))];
}

function undecided({ world, configurations }: Configurations, silent: number | null): Region {
  const has = (at: number) =>
    world.ids.some((_, process) => process !== silent && world.decided(configurations[at] ?? [], process) === null);
  return { has, silent };
}

function endless(graph: Configurations, silent: number | null, loop: readonly number[], bivalent: boolean): EndlessRun {
  const start = graph.source[loop[0] as number] as number;
  return { silent, stem: wayTo(graph, start), loop, bivalent };
}
