/**
 * The states of a system and the steps between them, for Graphviz: each state a node, or, in a quotient, each tuple of
 * what chosen fields of the views show.
 */

import { UsageError } from '../../model/contract/errors.ts';
import type { Instance } from '../../model/contract/system.ts';
import { digraph, edge, leftAligned, node } from './dot.ts';
import { type Formatter, formatterOf } from './format.ts';
import { legend, type Marks, nodeLook, stuck, violatingStep } from './graph-look.ts';
import { counted, grouped } from './numbers.ts';
import { quotientGraph } from './quotient.ts';
import { type Met, standingOf, stepViolations, visitSpace } from './space.ts';
import { stateLines } from './state-label.ts';
import { actorLabel } from './wording.ts';

export interface StateGraphOptions {
  /** Refuse to draw more nodes than this. */
  readonly most: number;
  /** Draw one node for all states that agree in these fields of the views; `true`: in the whole views. */
  readonly quotient?: readonly string[] | true;
  /** Explore no more states than this for a quotient. */
  readonly explored?: number;
}

/** Steps between the same two states. */
interface Steps {
  readonly from: number;
  readonly to: number;
  readonly labels: string[];
  readonly violated: readonly string[];
}

/**
 * @throws UsageError when there are too many states for a picture that can be read.
 * @throws UnknownName for a quotient by a field that no view has.
 */
export function stateGraph(instance: Instance, { most, quotient, explored = 250_000 }: StateGraphOptions): string {
  if (quotient !== undefined) return quotientGraph(instance, { most, fields: quotient, explored });
  const format = formatterOf(instance);
  const { states, steps, idle } = everything(instance, most, format);
  const drawn = states.map(({ met, marks }) => {
    const lines = stateLines(instance, met, states[0]?.met ?? met, format);
    return node(`s${met.index}`, nodeLook(lines, marks));
  });
  const edges = steps.map(({ from, to, labels, violated }) =>
    edge(`s${from}`, `s${to}`, { label: leftAligned(labels.map((text) => ` ${text}`)), ...violatingStep(violated) }),
  );
  const total = steps.reduce((sum, { labels }) => sum + labels.length, idle);
  const undrawn = idle === 0 ? '' : ` (${grouped(idle)} of them from a state to itself: not drawn)`;
  const caption = [
    `${counted(states.length, 'state')}, ${counted(total, 'step')}${undrawn}`,
    ...legend(states.map(({ marks }) => marks)),
  ];
  return digraph({ label: leftAligned(caption), labeljust: 'l', nodesep: 0.3, ranksep: 0.5 }, [...drawn, ...edges]);
}

function everything(
  instance: Instance,
  most: number,
  format: Formatter,
): { states: { met: Met; marks: Marks }[]; steps: Steps[]; idle: number } {
  let idle = 0;
  const states: { met: Met; marks: Marks }[] = [];
  const steps = new Map<string, Steps>();
  const { found, depth, complete } = visitSpace(instance, most, {
    state: (met) =>
      states.push({ met, marks: { ...standingOf(instance, met.seen), initial: met.initial, quiet: false } }),
    quiescent({ index }, allowed) {
      const state = states[index];
      if (state !== undefined) states[index] = { met: state.met, marks: stuck(state.marks, allowed) };
    },
    transition({ from, to, event }) {
      if (from === to) {
        idle++;
        return;
      }
      const key = `${from} ${to}`;
      const violated = stepViolations(instance, states[from]?.met.seen, states[to]?.met.seen);
      const step = steps.get(key) ?? { from, to, labels: [], violated };
      step.labels.push(actorLabel(event, format));
      steps.set(key, step);
    },
  });
  if (!complete) {
    throw new UsageError(
      `a picture of more than ${counted(most, 'state')} cannot be read, and there are ${grouped(found)} by depth ${depth} ` +
        'and more to come. Set smaller parameters, or draw a quotient: --quotient FIELD,... makes one node of all states ' +
        'that agree in these fields of the views',
    );
  }
  return { states, steps: [...steps.values()], idle };
}
