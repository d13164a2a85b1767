/**
 * Lemma 2: some initial configuration is bivalent.
 *
 * Source: Fischer, Lynch and Paterson (JACM 1985), lemma 2; the lecture, slides "FLP: Bivalent Initial Configuration". The
 * initial configurations are put on a line where neighbours differ in the input of one process. Somewhere on it the valence
 * changes; the process in which those neighbours differ crashes before its first step, and the others cannot tell them
 * apart.
 */

import { canonical } from '../../model/contract/data.ts';
import type { Configuration } from './configuration.ts';
import type { Configurations } from './configurations.ts';
import type { Beginning } from './subject.ts';
import type { Valences } from './valence.ts';
import type { ValueSet } from './values.ts';
import { decidingWithout } from './without.ts';

/** An initial configuration with everything that can come of it. */
export interface Explored {
  readonly beginning: Beginning;
  readonly graph: Configurations;
  readonly valences: Valences;
}

/** Neighbours on the line whose valences differ. */
export interface Neighbours {
  /** Their indices on the line. */
  readonly pair: readonly [number, number];
  /** The index of the process that has different inputs in them. */
  readonly differ: number;
  /**
   * The events of a run of the first one in which some process decides without a step of that process; null when there is
   * none: the others are blocked; undefined when none was found among too many.
   */
  readonly without: readonly number[] | null | undefined;
  /** Whether the same events happen in the second one, with the same decision. */
  readonly same: boolean;
  /** What is decided in it. */
  readonly decides: ValueSet;
}

export function valenceOf({ valences }: Explored): ValueSet {
  return valences.reachable[0] as number;
}

/** The neighbours to look at: where a univalent configuration meets one of another valence; null when all are alike. */
export function neighboursOf(line: readonly Explored[]): Neighbours | null {
  const candidates = line.slice(1).flatMap((right, index) => {
    const left = line[index] as Explored;
    return valenceOf(left) === valenceOf(right) ? [] : [[left, right, index] as const];
  });
  const all = candidates.map(([left, right, index]) => {
    const differ = differenceOf(left, right);
    const { world } = left.graph;
    const without = decidingWithout(world, world.initial(), differ);
    const decides = decidedAfter(left, differ, without ?? []);
    const same = decides !== 0 && decidedAfter(right, differ, translated(left, right, without ?? [])) === decides;
    return { pair: [index, index + 1] as const, differ, without, same, decides };
  });
  // Where the others can decide by themselves the lemma's argument goes through; it is told in preference to where not.
  const may = all.filter(({ differ }) => !isCorrect(line[0] as Explored, differ));
  return may.find(({ same }) => same) ?? may[0] ?? all[0] ?? null;
}

/** Whether a process does not crash: a failure detector promises it. */
export function isCorrect({ graph: { world } }: Explored, process: number): boolean {
  return world.instance.consensus.detector?.correct.includes(world.ids[process] ?? '') ?? false;
}

/** The process whose inputs differ. */
function differenceOf({ graph, beginning }: Explored, right: Explored): number {
  const [one, other] = [beginning.instance.consensus.inputs, right.beginning.instance.consensus.inputs];
  return graph.world.ids.findIndex((id) => canonical(one[id] ?? null) !== canonical(other[id] ?? null));
}

/** The same events as the other world knows them; those that it does not know are left out. */
function translated({ graph: from }: Explored, { graph: to }: Explored, events: readonly number[]): number[] {
  const known = new Map(to.world.events.all().map(({ event }, id) => [canonical(event), id]));
  return events.flatMap((id) => known.get(canonical(from.world.events.value(id).event)) ?? []);
}

/** The values decided after these events, taken without the messages to and from a process; none if one cannot happen. */
function decidedAfter({ graph: { world } }: Explored, silent: number, events: readonly number[]): ValueSet {
  let at: Configuration = world.withoutMessagesOf(world.initial(), silent);
  for (const event of events) {
    if (!world.applicable(at).includes(event)) return 0;
    at = world.withoutMessagesOf(world.takeAsIs(at, event), silent);
  }
  return world.ids.reduce((values, _, process) => {
    const value = world.decided(at, process);
    return value === null ? values : values | (1 << value);
  }, 0);
}
