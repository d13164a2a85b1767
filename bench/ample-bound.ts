/**
 * How much could be left out by a reduction that visits fewer states: persistent or ample sets, which follow the steps of one
 * process alone where nothing else can interfere. No such reduction can look ahead; this bound can, since it has the whole
 * state graph. A real one must guess from the protocol's text what may still be sent, and does worse.
 *
 * Source: Clarke, Grumberg, Peled, "Model Checking" (1999), chapter 10: the conditions C0 to C2. C3, which keeps cycles from
 * putting a step off for ever, is left out, in favour of the reduction.
 */

import type { StateGraph } from '../explorer/graph/state-graph.ts';

export interface AmpleBound {
  /** States that are left when deadlocks alone are to be found. */
  readonly forDeadlocks: number;
  /** States that are left when the steps of an ample set must not change what properties see (C2). */
  readonly forProperties: number;
}

export function ampleBound(graph: StateGraph): AmpleBound {
  const processes = [...new Set(graph.events.map(({ process }) => process))];
  const processOf = Int32Array.from(graph.events, ({ process }) => processes.indexOf(process));
  const disturbed = processes.map((_, process) => disturbedStates(graph, processOf, process));
  return {
    forDeadlocks: reachable(graph, processOf, disturbed, false),
    forProperties: reachable(graph, processOf, disturbed, true),
  };
}

/** The states from which the others, on their own, can bring about a step of the process that it cannot take yet. */
function disturbedStates(graph: StateGraph, processOf: Int32Array, process: number): Uint8Array {
  const disturbed = new Uint8Array(graph.size);
  const enabled = Array.from({ length: graph.size }, (_, state) => stepsOf(graph, processOf, state, process));
  for (let changed = true; changed; ) {
    changed = false;
    for (let state = graph.size - 1; state >= 0; state--) {
      if (disturbed[state] === 1) continue;
      const own = enabled[state] ?? [];
      for (let step = graph.offsets[state] ?? 0; step < (graph.offsets[state + 1] ?? 0); step++) {
        if (processOf[graph.eventOf[step] ?? 0] === process) continue;
        const next = graph.targets[step] ?? 0;
        if (disturbed[next] !== 1 && (enabled[next] ?? []).every((event) => own.includes(event))) continue;
        disturbed[state] = 1;
        changed = true;
        break;
      }
    }
  }
  return disturbed;
}

function stepsOf(graph: StateGraph, processOf: Int32Array, state: number, process: number): number[] {
  const events = [...graph.eventOf.subarray(graph.offsets[state], graph.offsets[state + 1])];
  return events.filter((event) => processOf[event] === process);
}

/** How many states are reached when of each state the smallest ample set is followed, of the steps of one process. */
function reachable(
  graph: StateGraph,
  processOf: Int32Array,
  disturbed: readonly Uint8Array[],
  mustBeInvisible: boolean,
): number {
  const reached = new Uint8Array(graph.size);
  const waiting = graph.initial.filter((state) => state >= 0);
  for (const state of waiting) reached[state] = 1;
  let states = waiting.length;
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    for (const step of ample(graph, processOf, disturbed, mustBeInvisible, state)) {
      const next = graph.targets[step] ?? 0;
      if (reached[next] === 1) continue;
      reached[next] = 1;
      states++;
      waiting.push(next);
    }
  }
  return states;
}

function ample(
  graph: StateGraph,
  processOf: Int32Array,
  disturbed: readonly Uint8Array[],
  mustBeInvisible: boolean,
  state: number,
): readonly number[] {
  const from = graph.offsets[state] ?? 0;
  const all = Array.from({ length: (graph.offsets[state + 1] ?? 0) - from }, (_, index) => from + index);
  // What lies beyond a bound is not known.
  if (graph.isCut(state)) return all;
  let best: readonly number[] = all;
  for (const [process, states] of disturbed.entries()) {
    if (states[state] === 1) continue;
    const own = all.filter((step) => processOf[graph.eventOf[step] ?? 0] === process);
    if (own.length === 0 || own.length >= best.length) continue;
    const isVisible = own.some((step) => graph.seenOf[graph.targets[step] ?? 0] !== graph.seenOf[state]);
    if (!mustBeInvisible || !isVisible) best = own;
  }
  return best;
}
