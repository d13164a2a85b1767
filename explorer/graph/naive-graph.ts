/** Builds a state graph on the reference semantics: slow, and so plain that the fast builder is tested against it. */

import { canonical } from '../../model/contract/data.ts';
import type { Instance } from '../../model/contract/system.ts';
import { eventKey, type TraceEvent } from '../../model/contract/trace.ts';
import { semanticsOf } from '../semantics/semantics.ts';
import { GraphWriter } from './graph-writer.ts';
import { DEFAULT_STATES, type GraphLimits, tooManyStates } from './limits.ts';
import { type GraphEvent, graphEvent, StateGraph } from './state-graph.ts';

/** @throws GraphIncomplete when there are more states than allowed. */
export function buildGraphNaively(instance: Instance, { states: most = DEFAULT_STATES }: GraphLimits = {}): StateGraph {
  const semantics = semanticsOf(instance);
  const writer = new GraphWriter();
  const known = new Map<string, number>();
  const looks = new Map<string, number>();
  const seen: unknown[] = [];
  const eventNumbers = new Map<string, number>();
  const events: GraphEvent[] = [];
  const states: unknown[] = [];

  function numberOf(state: unknown, isInitial: boolean): number {
    const key = semantics.key(state);
    const index = known.get(key);
    if (index !== undefined) return index;
    writer.addState(isInitial);
    known.set(key, states.length);
    states.push(state);
    return states.length - 1;
  }

  function lookOf(state: unknown): number {
    const look = semantics.seen(state);
    const key = canonical(look);
    const index = looks.get(key) ?? seen.length;
    if (index === seen.length) seen.push(look);
    looks.set(key, index);
    return index;
  }

  function eventNumber(happened: TraceEvent): number {
    const described = graphEvent(happened);
    const key = eventKey(described.event);
    const index = eventNumbers.get(key) ?? events.length;
    if (index === events.length) events.push(described);
    eventNumbers.set(key, index);
    return index;
  }

  for (const { state, beyond } of semantics.initial()) {
    if (beyond === null) writer.addInitial(numberOf(state, true));
    else writer.addInitialCut(beyond);
  }
  for (let index = 0; index < states.length; index++) {
    if (states.length > most) throw tooManyStates(most);
    const state = states[index];
    writer.begin(lookOf(state));
    for (const { event, state: after, beyond } of semantics.successors(state)) {
      if (beyond === null) writer.addTransition(numberOf(after, false), eventNumber(event));
      else writer.addCut(beyond, eventNumber(event));
    }
  }
  return new StateGraph(instance, writer.finish(events), seen.length, (look) => seen[look]);
}
