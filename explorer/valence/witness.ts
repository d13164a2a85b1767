/** The verdict's witness as a run that can be drawn: two decisions, a decision that nobody proposed, or a run without end. */

import type { Effect } from '../../model/contract/step.ts';
import type { Budget, ProcessInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { replay } from '../replay.ts';
import type { Ending } from '../report/ending.ts';
import type { DrawnRun, DrawnStep } from '../report/flights.ts';
import { list } from '../report/wording.ts';
import type { Explored } from './initial-line.ts';
import { type RealStep, realRun } from './told-run.ts';
import type { Walk } from './walk.ts';
import { formatOf, placeName } from './words.ts';

export interface Witness {
  readonly instance: ProcessInstance;
  readonly run: DrawnRun;
  readonly ending: Ending;
}

/** What the verdict rests on, the first of those that the report tells; null when nothing is lost. */
export function witnessOf(walk: Walk): Witness | null {
  const { disagreement, invention, endless } = walk;
  const shown = disagreement ?? invention ?? null;
  if (shown === null && endless === null) return null;
  const explored = walk.line[shown?.place ?? endless?.place ?? 0] as Explored;
  const instance = inTheorem(explored.beginning.instance);
  if (shown !== null) {
    const real = realRun(explored, shown.edges);
    const title = disagreement === null ? 'validity is lost' : 'agreement is lost';
    const reason = decisionsAt(walk, explored, real.at(-1));
    return { instance, run: drawn(explored, instance, real, null, null), ending: { kind: 'violated', title, reason } };
  }
  const { stem, loop, silent, bivalent } = endless as NonNullable<typeof endless>;
  const real = realRun(explored, [...stem, ...loop]);
  const crash = silent === null ? null : { id: explored.graph.world.ids[silent] ?? '', after: stem.length };
  const run = drawn(explored, instance, real, stem.length, crash);
  const what = loop.length === 0 ? 'nothing is left to happen' : 'this goes on for ever, and is fair';
  const waiting = waitingAt(explored, real.at(-1), silent);
  const never = `${list(waiting)} never ${waiting.length === 1 ? 'decides' : 'decide'}`;
  const why = bivalent ? 'what is decided stays open' : never;
  const ending = {
    kind: 'violated',
    title: 'termination is lost',
    reason: `from ${placeName(explored)}: ${what}; ${why}`,
  };
  return { instance, run, ending: ending as Ending };
}

/** The instance with the network and the faults of the theorem's world, which have to be those of {@link TheoremWorld}. */
function inTheorem(instance: Explored['beginning']['instance']): ProcessInstance {
  const { environment, consensus } = instance;
  const timeouts: Budget = consensus.timeouts ?? environment.timeouts ?? Number.POSITIVE_INFINITY;
  return {
    ...instance,
    network: 'bag',
    bounds: {},
    environment: { requests: environment.requests ?? [], timeouts, crashes: 1 },
  };
}

/**
 * The run, taken once more through the reference semantics. What a process ignores it does not receive there; so those
 * receipts are put back, each where it was.
 */
function drawn(
  { graph: { world } }: Explored,
  instance: ProcessInstance,
  real: readonly RealStep[],
  loop: number | null,
  crash: { readonly id: string; readonly after: number } | null,
): DrawnRun {
  const crashes = (at: number): TraceEvent[] =>
    crash !== null && crash.after === at ? [{ type: 'crash', process: crash.id }] : [];
  const happened = [...real.keys(), real.length].flatMap((at): { event: TraceEvent; step: RealStep | null }[] => {
    const step = real[at];
    const taken = step === undefined ? [] : [{ event: step.event, step }];
    return [...crashes(at).map((event) => ({ event, step: null })), ...taken];
  });
  const events = happened.flatMap(({ event, step }) => (step?.ignored ? [] : [event]));
  const { initial, steps } = replay(instance, { initial: 0, events });
  let state = initial.state;
  let next = 0;
  const all = happened.map(({ event, step }): DrawnStep => {
    const taken = step?.ignored ? undefined : steps[next++];
    const before = state;
    state = taken?.after ?? before;
    const effects: readonly Effect[] = [...(taken?.effects ?? []), ...decisionIn(world, step, taken?.effects ?? [])];
    return { event, before, after: state, effects, passed: step?.late ?? [] };
  });
  return { initial, steps: all, loop: loop === null ? null : loop + (crash === null ? 0 : 1) };
}

/** A decision is something to see, also where the protocol does not tell its user of it. */
function decisionIn(world: Explored['graph']['world'], step: RealStep | null, effects: readonly Effect[]): Effect[] {
  if (step === null || effects.some(({ type }) => type === 'indicate') || !('process' in step.event)) return [];
  const process = world.ids.indexOf(step.event.process);
  const value = world.decided(step.after, process);
  if (value === null || world.decided(step.before, process) !== null) return [];
  return [{ type: 'indicate', indication: { type: 'decides', value: world.values.value(value) } }];
}

function decisionsAt(walk: Walk, { graph: { world } }: Explored, last: RealStep | undefined): string {
  const format = formatOf(walk);
  const decided = world.ids.flatMap((id, process) => {
    const value = last === undefined ? null : world.decided(last.after, process);
    return value === null ? [] : [`${id} has decided ${format.value(world.values.value(value))}`];
  });
  return decided.join(', ');
}

function waitingAt({ graph: { world } }: Explored, last: RealStep | undefined, silent: number | null): string[] {
  const at = last?.after ?? world.initial();
  return world.ids.filter((_, process) => process !== silent && world.decided(at, process) === null);
}
