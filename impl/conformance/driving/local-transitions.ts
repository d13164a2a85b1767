/**
 * The distinct local transitions of an instance: every process, in every state that it can be in, through every event that can
 * then happen to it.
 *
 * They are read off the engine's state graph. A graph says what can happen in each global state, not in which state each
 * process is; but a process's next state follows from its state and the event. So the processes' states are numbered along
 * the graph, and the reference semantics is asked once for each distinct local transition, not for each global one.
 */

import { buildGraph } from '../../../explorer/graph/build.ts';
import type { StateGraph } from '../../../explorer/graph/state-graph.ts';
import { type GlobalState, processSemantics } from '../../../explorer/semantics/processes.ts';
import type { Successor } from '../../../explorer/semantics/semantics.ts';
import { canonical } from '../../../model/contract/data.ts';
import { ModelError, UsageError } from '../../../model/contract/errors.ts';
import type { ProcessId } from '../../../model/contract/protocol.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import { eventKey, type TraceEvent } from '../../../model/contract/trace.ts';

export interface LocalTransitions {
  /** The graph of what can happen; what properties see and remember is left out of its states. */
  readonly graph: StateGraph;
  /** Where each run begins. */
  readonly initial: number;
  /** How many there are; they are numbered from 0. */
  readonly known: number;
  /** By transition of the graph: the local transition that it is; -1 for one of the network's own. */
  readonly of: Int32Array;
  /** A transition of the graph as the reference semantics takes it in a state. */
  take(state: GlobalState, transition: number): Successor<GlobalState>;
}

/** More global states than this have more local transitions than anyone would wait for. */
const MOST_STATES = 5_000_000;

/**
 * @throws UsageError when the instance has too many global states, or none; ModelError when the model is at fault.
 */
export async function localTransitions(instance: ProcessInstance): Promise<LocalTransitions> {
  const unseen = withoutSight(instance);
  const graph = await buildGraph(unseen, { states: MOST_STATES });
  const [initial] = graph.initial;
  if (initial === undefined || initial < 0) throw new UsageError('the initial state is beyond a bound');
  const semantics = processSemantics(unseen);
  const take = (state: GlobalState, transition: number): Successor<GlobalState> => {
    const key = eventKey(graph.traceEvent(transition));
    const taken = semantics.successors(state).find(({ event }) => eventKey(event) === key);
    if (taken === undefined) throw new ModelError('a transition of the graph cannot be taken: the model is impure');
    return taken;
  };
  return { graph, initial, take, ...numbered({ graph, initial, take }, instance) };
}

/** What properties see and remember has no part in what happens: without it, there are fewer states. */
function withoutSight(instance: ProcessInstance): ProcessInstance {
  const history = { initial: null, observe: () => null, next: () => null };
  return { ...instance, view: () => null, history, properties: [], symmetry: [] };
}

/** Numbers the local transitions, state by state in breadth-first order. */
function numbered(
  { graph, initial, take }: Pick<LocalTransitions, 'graph' | 'initial' | 'take'>,
  { processes }: ProcessInstance,
) {
  const ids = processes.map(({ id }) => id);
  const locals = new Numbers();
  /** By global state and process, the number of the process's state; -1 before it is known. */
  const localOf = new Int32Array(graph.size * ids.length).fill(-1);
  /** By local state and event, the number of the transition; and where each of these leads. */
  const numbers = new Numbers();
  const leadsTo: number[] = [];
  const of = new Int32Array(graph.transitions).fill(-1);
  const { processes: first } = graph.configuration(initial) as GlobalState;
  for (const [at, id] of ids.entries()) localOf[initial * ids.length + at] = locals.of(canonical(first[id]));
  for (let state = 0; state < graph.size; state++) {
    const begin = state * ids.length;
    for (let transition = graph.offsets[state] ?? 0; transition < (graph.offsets[state + 1] ?? 0); transition++) {
      const event = graph.eventOf[transition] ?? 0;
      const process = ids.indexOf(processOf(graph.events[event]?.event) ?? '');
      if (process !== -1) {
        const known = numbers.size;
        const number = numbers.of(`${localOf[begin + process]} ${event}`);
        of[transition] = number;
        if (number === known) {
          const { state: next } = take(graph.configuration(state) as GlobalState, transition);
          leadsTo.push(locals.of(canonical(next.processes[ids[process] ?? ''])));
        }
      }
      const target = (graph.targets[transition] ?? 0) * ids.length;
      if (localOf[target] !== -1) continue;
      localOf.copyWithin(target, begin, begin + ids.length);
      if (process !== -1) localOf[target + process] = leadsTo[of[transition] ?? 0] ?? -1;
    }
  }
  return { known: numbers.size, of };
}

/** The process that an event is a local transition of; null for one of the network's own. */
function processOf(event: TraceEvent | undefined): ProcessId | null {
  if (event === undefined) return null;
  switch (event.type) {
    case 'lose':
    case 'duplicate':
    case 'cut':
    case 'connect':
    case 'action':
      return null;
    default:
      return event.process;
  }
}

/** Numbers for texts, from 0. */
class Numbers {
  readonly #numbers = new Map<string, number>();

  get size(): number {
    return this.#numbers.size;
  }

  of(text: string): number {
    const number = this.#numbers.get(text) ?? this.size;
    this.#numbers.set(text, number);
    return number;
  }
}
