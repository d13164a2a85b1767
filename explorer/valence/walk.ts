/** The walk: the theorem's proof, step by step, on the configurations of one system. */

import { canonical } from '../../model/contract/data.ts';
import type { ParameterValue } from '../../model/contract/parameter.ts';
import type { System } from '../../model/contract/system.ts';
import { type Chance, chanceOf } from './chance.ts';
import { type Commutativity, commutativityOf } from './commutativity.ts';
import { type Configurations, configurationsOf, wayTo } from './configurations.ts';
import { type Explored, type Neighbours, neighboursOf, valenceOf } from './initial-line.ts';
import { Interned } from './interned.ts';
import { type StayingBivalent, stayingBivalent } from './staying-bivalent.ts';
import { lineOf } from './subject.ts';
import { bivalentForEver, blockedRun, type EndlessRun, undecidedForEver } from './termination.ts';
import { valencesOf } from './valence.ts';
import { isBivalent, valuesIn } from './values.ts';
import { TheoremWorld } from './world.ts';

export interface WalkOptions {
  /** Stop when one initial configuration leads to more configurations than this. */
  readonly most: number;
  /** For systems with coins: how many rounds to look ahead. */
  readonly rounds: number;
  readonly onProgress?: (progress: WalkProgress) => void;
}

/** How far the walk has come. */
export interface WalkProgress {
  /** The place of the line that is explored, counted from 0; as many as there are places when all have been. */
  readonly place: number;
  readonly places: number;
  /** The inputs of that place. */
  readonly inputs: string;
  /** The configurations that have been found, and the events between them; when all places are explored, of all. */
  readonly configurations: number;
  readonly events: number;
  /** What is being done, in a few words. */
  readonly doing: string;
}

/** A run that shows something: on which place of the line it begins, and its edges. */
export interface Shown {
  readonly place: number;
  readonly edges: readonly number[];
}

/** What the proof says of a system, as far as its configurations were explored. */
export interface Walk {
  readonly system: System;
  readonly mutant: string | null;
  readonly line: readonly Explored[];
  /** The values that are decided anywhere. */
  readonly values: readonly unknown[];
  readonly commutativity: Commutativity & { readonly place: number };
  /** Null when all initial configurations have one valence, or there is only one of them. */
  readonly neighbours: Neighbours | null;
  /** For each place of the line. */
  readonly staying: readonly StayingBivalent[];
  /** A shortest run to two decisions; null when there is none. */
  readonly disagreement: Shown | null;
  /** A shortest run to a decision that nobody proposed. Undefined when nobody is given an input. */
  readonly invention: Shown | null | undefined;
  readonly endless: (EndlessRun & { readonly place: number }) | null;
  /** For a system with coins, for each place of the line. */
  readonly chances: readonly (Chance | null)[] | null;
}

/** The exploration stopped: some initial configuration leads to too many others. */
export interface TooLarge {
  readonly tooLarge: { readonly inputs: string; readonly most: number; readonly unbounded: boolean };
}

/**
 * Explores every configuration from every initial one, and looks for each step of the proof.
 *
 * @throws UsageError when the system has no processes or says nothing of decisions; ModelError when it is at fault.
 */
export function walk(
  system: System,
  parameters: Readonly<Record<string, ParameterValue>>,
  mutant: string | null,
  { most, rounds, onProgress }: WalkOptions,
): Walk | TooLarge {
  const values = new Interned<unknown>();
  const line: Explored[] = [];
  const beginnings = lineOf(system, parameters, mutant);
  const places = beginnings.length;
  for (const [place, beginning] of beginnings.entries()) {
    const { inputs } = beginning;
    const world = new TheoremWorld(beginning.instance, values);
    const graph = configurationsOf(world, most, (configurations, events) =>
      onProgress?.({ place, places, inputs, configurations, events, doing: 'exploring' }),
    );
    graph.world.verifyPurity();
    const { consensus, bounds } = beginning.instance;
    const unbounded = consensus.ordered === undefined && Object.keys(consensus.bounds ?? bounds).length === 0;
    if (!graph.complete) return { tooLarge: { inputs: beginning.inputs, most, unbounded } };
    line.push({ beginning, graph, valences: valencesOf(graph) });
  }
  const total = (of: (graph: Configurations) => number) => line.reduce((sum, { graph }) => sum + of(graph), 0);
  const [configurations, events] = [total((graph) => graph.configurations.length), total(({ event }) => event.length)];
  const looking = <T>(doing: string, look: () => T): T => {
    onProgress?.({ place: places, places, inputs: '', configurations, events, doing });
    return look();
  };
  const hasCoins = line.some(({ beginning }) => beginning.instance.consensus.coin !== undefined);
  return {
    system,
    mutant,
    line,
    values: values.all(),
    commutativity: looking('lemma 1', () => commutativityOn(line)),
    neighbours: looking('lemma 2', () => neighboursOf(line)),
    staying: looking('lemma 3', () => line.map(({ graph, valences }) => stayingBivalent(graph, valences))),
    disagreement: looking('agreement', () =>
      shortestShown(line, ({ valences }, at) => isBivalent(valences.decided[at] as number)),
    ),
    invention: looking('validity', () => inventionOn(line, values.all())),
    endless: looking('termination', () => endlessOn(line)),
    chances: hasCoins
      ? looking('chances', () => line.map(({ graph, valences }) => chanceOf(graph, valences, rounds)))
      : null,
  };
}

/** The place of the line that is looked at most closely: the first with a bivalent configuration, else the first. */
export function mainPlace({ line }: Walk): number {
  const found = line.findIndex((explored) => isBivalent(valenceOf(explored)));
  return Math.max(0, found);
}

/** All diamonds of all graphs together, with an example from the first place that has a good one. */
function commutativityOn(line: readonly Explored[]): Walk['commutativity'] {
  const all = line.map(({ graph }) => commutativityOf(graph));
  const main = Math.max(
    0,
    line.findIndex((explored) => isBivalent(valenceOf(explored))),
  );
  const broken = all.findIndex(({ open }) => open !== null);
  const place = broken >= 0 ? broken : main;
  const sum = (of: (one: Commutativity) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    place,
    diamonds: sum(({ diamonds }) => diamonds),
    cut: sum(({ cut }) => cut),
    open: all[place]?.open ?? null,
    example: all[place]?.example ?? null,
  };
}

/** The shortest of the runs from all places to a configuration that is wanted. */
function shortestShown(line: readonly Explored[], wanted: (explored: Explored, at: number) => boolean): Shown | null {
  const found = line.flatMap((explored, place) => {
    const at = explored.graph.configurations.findIndex((_, at) => wanted(explored, at));
    return at < 0 ? [] : [{ place, edges: wayTo(explored.graph, at) }];
  });
  return found.reduce<Shown | null>(
    (best, one) => (best === null || one.edges.length < best.edges.length ? one : best),
    null,
  );
}

function inventionOn(line: readonly Explored[], values: readonly unknown[]): Shown | null | undefined {
  const proposals = line.map(({ beginning }) => Object.values(beginning.instance.consensus.inputs).map(canonical));
  if (proposals.every((proposed) => proposed.length === 0)) return undefined;
  return shortestShown(line, (explored, at) => {
    const proposed = proposals[line.indexOf(explored)] ?? [];
    const decided = valuesIn(explored.valences.decided[at] as number).map((value) => canonical(values[value]));
    return decided.some((value) => !proposed.includes(value));
  });
}

/** What shows that termination is lost, the most telling first: bivalent for ever, blocked, or just undecided for ever. */
function endlessOn(line: readonly Explored[]): Walk['endless'] {
  for (const search of [
    ({ graph, valences }: Explored) => bivalentForEver(graph, valences),
    ({ graph }: Explored) => blockedRun(graph),
    ({ graph }: Explored) => undecidedForEver(graph),
  ]) {
    const found = line.flatMap((explored, place) => {
      const run = search(explored);
      return run === null ? [] : [{ ...run, place }];
    });
    const length = ({ stem, loop }: EndlessRun) => stem.length + loop.length;
    const [best] = found.toSorted((a, b) => length(a) - length(b));
    if (best !== undefined) return best;
  }
  return null;
}
