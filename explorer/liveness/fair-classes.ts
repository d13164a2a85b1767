/** The classes of events that something is owed, worked out for the events of a graph. */

import { type Fairness, fairnessText, isOwed } from '../../model/contract/fairness.ts';
import { UnknownName } from '../../model/contract/parameter.ts';
import type { GraphEvent, StateGraph } from '../graph/state-graph.ts';

export interface FairClasses {
  readonly count: number;
  /** By class: 1 for strong fairness, 0 for weak. */
  readonly isStrong: Uint8Array;
  /** The classes of event `e` are `of[offsets[e]]` to `of[offsets[e + 1] - 1]`. */
  readonly offsets: Int32Array;
  readonly of: Int32Array;
}

/**
 * @throws UnknownName when fairness is stated of an action that a bare system never takes.
 */
export function fairClasses(graph: StateGraph, fairness: readonly Fairness[]): FairClasses {
  for (const owed of fairness) mustExist(graph, owed);
  const numbers = new Map<string, number>();
  const isStrong: number[] = [];
  const offsets = new Int32Array(graph.events.length + 1);
  const of: number[] = [];
  for (const [event, described] of graph.events.entries()) {
    offsets[event] = of.length;
    for (const [index, owed] of fairness.entries()) {
      if (!isOwed(owed, described)) continue;
      const key = `${index} ${memberOf(owed, event, described)}`;
      const known = numbers.get(key);
      if (known === undefined) isStrong.push(owed.strength === 'strong' ? 1 : 0);
      of.push(known ?? numbers.size);
      numbers.set(key, known ?? numbers.size);
    }
  }
  offsets[graph.events.length] = of.length;
  return { count: numbers.size, isStrong: Uint8Array.from(isStrong), offsets, of: Int32Array.from(of) };
}

function memberOf({ per }: Fairness, event: number, { process }: GraphEvent): string {
  if (per === 'event') return `event ${event}`;
  return per === 'process' ? `process ${process ?? ''}` : 'all';
}

/** Which actions a bare system has is known only from its graph. */
function mustExist({ instance, events }: StateGraph, owed: Fairness): void {
  if (instance.kind !== 'transitions') return;
  const actions = events.flatMap(({ name }) => (name === null ? [] : [name]));
  for (const name of owed.names ?? []) {
    if (actions.includes(name)) continue;
    throw new UnknownName('action', name, actions, `in ${fairnessText(owed)}: it never happens`);
  }
}
