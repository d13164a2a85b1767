/** The walk as one JSON document. */

import { toJson } from '../../model/contract/data.ts';
import { type Explored, valenceOf } from './initial-line.ts';
import { approximately, fraction } from './rational.ts';
import { realRun, runFrom } from './told-run.ts';
import { isBivalent, type ValueSet, valuesIn } from './values.ts';
import type { Walk } from './walk.ts';

export function walkToJson(walk: Walk) {
  const { system, mutant, line, commutativity, neighbours, staying, disagreement, invention, endless, chances } = walk;
  const kept = line.some(({ graph }) => graph.cut > 0) ? 'kept within the bounds' : 'kept';
  const values = (set: ValueSet) => valuesIn(set).map((value) => toJson(walk.values[value]));
  const run = (place: number, edges: readonly number[]) => ({
    inputs: line[place]?.beginning.inputs ?? '',
    events: realRun(line[place] as Explored, edges).map(({ event }) => toJson(event)),
  });
  return {
    system: system.name,
    mutant,
    initial: line.map((explored, place) => ({
      inputs: explored.beginning.inputs,
      parameters: explored.beginning.parameters,
      configurations: explored.graph.configurations.length,
      events: explored.graph.event.length,
      beyondBounds: explored.graph.cut,
      canDecide: values(valenceOf(explored)),
      bivalent: isBivalent(valenceOf(explored)),
      stayingBivalent: counts(staying[place]),
      decidedWithin:
        chances?.[place]?.within.map((value) => ({ exact: fraction(value), approximate: approximately(value) })) ??
        null,
    })),
    commutativity: {
      pairs: commutativity.diamonds,
      beyondBounds: commutativity.cut,
      holds: commutativity.open === null,
    },
    neighbours:
      neighbours === null
        ? null
        : {
            inputs: neighbours.pair.map((place) => line[place]?.beginning.inputs),
            differ: line[0]?.graph.world.ids[neighbours.differ],
            bothDecide: neighbours.same ? values(neighbours.decides) : null,
            events: neighbours.same
              ? runOfNeighbours(line[neighbours.pair[0]] as Explored, neighbours.without ?? [])
              : null,
          },
    verdict: {
      agreement: disagreement === null ? kept : 'lost',
      validity: invention === undefined ? 'not judged' : invention === null ? kept : 'lost',
      termination: endless === null ? kept : 'lost',
    },
    disagreement: disagreement === null ? null : run(disagreement.place, disagreement.edges),
    invention:
      (invention ?? null) === null
        ? null
        : run((invention as NonNullable<typeof invention>).place, (invention as NonNullable<typeof invention>).edges),
    endless:
      endless === null
        ? null
        : {
            ...run(endless.place, [...endless.stem, ...endless.loop]),
            loop: endless.stem.length,
            crashed: endless.silent === null ? null : line[endless.place]?.graph.world.ids[endless.silent],
            bivalent: endless.bivalent,
          },
  };
}

function runOfNeighbours(explored: Explored, events: readonly number[]) {
  return runFrom(explored, explored.graph.world.initial(), events).map(({ event }) => toJson(event));
}

function counts(staying: Walk['staying'][number] | undefined) {
  if (staying === undefined) return null;
  const { bivalent, pairs, atOnce, delayed, open, failed } = staying;
  return { bivalent, pairs, atOnce, delayed, unknown: open, never: failed };
}
