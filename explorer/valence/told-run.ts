/** Runs of a graph as they really happen: with numbers that grow, where the graph replaces them by small ones. */

import { canonical } from '../../model/contract/data.ts';
import { identityOf } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { type Formatter, formatterOf } from '../report/format.ts';
import { headline, list, receivers, sendings } from '../report/wording.ts';
import type { InFlight } from '../semantics/network.ts';
import type { Configuration } from './configuration.ts';
import type { Configurations } from './configurations.ts';
import type { Explored } from './initial-line.ts';

/** A step of a run. */
export interface RealStep {
  readonly event: TraceEvent;
  /** The configurations before and after it, with their real numbers. */
  readonly before: Configuration;
  readonly after: Configuration;
  /** Whether the receiver ignores what it receives. */
  readonly ignored: boolean;
  /** What has come too late to matter by then: it is received at once, and ignored. */
  readonly late: readonly InFlight[];
  /** What it does, in a sentence: who receives what, sends what, decides what. */
  readonly text: string;
}

/** Takes the edges, one after the other, from the initial configuration. */
export function realRun(explored: Explored, edges: readonly number[]): RealStep[] {
  const { graph } = explored;
  const { world } = graph;
  let before = world.initial();
  return edges.map((edge) => {
    const step = realStep(explored, before, realEvent(graph, before, edge));
    before = step.after;
    return step;
  });
}

/** Takes the events, one after the other, from a configuration. */
export function runFrom(explored: Explored, from: Configuration, events: readonly number[]): RealStep[] {
  let before = from;
  return events.map((event) => {
    const step = realStep(explored, before, event);
    before = step.after;
    return step;
  });
}

function realStep(explored: Explored, before: Configuration, event: number): RealStep {
  const { world } = explored.graph;
  const after = world.takeAsIs(before, event);
  const { event: happened } = world.events.value(event);
  const text = textOf(explored, before, event, after, formatterOf(explored.beginning.instance));
  const late = lateIn(explored, before, event, after);
  return { event: happened, before, after, ignored: world.isIgnored(before, event), late, text };
}

/** What was in the buffer or has just been sent, was not received by the event, and is not in the buffer any more. */
function lateIn(
  { graph: { world } }: Explored,
  before: Configuration,
  event: number,
  after: Configuration,
): InFlight[] {
  const { event: happened } = world.events.value(event);
  const received = happened.type === 'receive' ? [{ ...happened, to: happened.process }] : [];
  const remaining = [...world.buffer(after), ...received].map(flightKey);
  return [...world.buffer(before), ...world.sentBy(before, event)].filter((message) => {
    const at = remaining.indexOf(flightKey(message));
    if (at >= 0) remaining.splice(at, 1);
    return at < 0;
  });
}

function flightKey({ from, to, message }: InFlight): string {
  return canonical([from, to, message]);
}

/** The event that the edge stands for, in a configuration whose numbers have not been replaced. */
function realEvent({ world, event }: Configurations, configuration: Configuration, edge: number): number {
  const rename = world.renamings[world.normal(configuration).renaming];
  const found = world
    .applicable(configuration)
    .find((one) => (rename === undefined ? one : rename(one)) === event[edge]);
  if (found === undefined) throw new Error('an edge of the graph is no event of the protocol');
  return found;
}

function textOf(
  { graph: { world }, beginning: { instance } }: Pick<Explored, 'graph' | 'beginning'>,
  before: Configuration,
  event: number,
  after: Configuration,
  format: Formatter,
): string {
  const { process, event: happened } = world.events.value(event);
  const id = world.ids[process] ?? '';
  const effects = world.sentBy(before, event).map(({ to, message }) => ({ type: 'send', to, message }) as const);
  const sent = sendings(effects).map(
    ({ to, message }) =>
      `sends ${format.tagged(message)} to ${receivers(to, identityOf(instance, id), instance.processes.length)}`,
  );
  const value = world.decided(after, process);
  const decides =
    value !== null && world.decided(before, process) === null
      ? [`decides ${format.value(world.values.value(value))}`]
      : [];
  const does = [...sent, ...decides];
  const what = headline(happened, format);
  if (world.isIgnored(before, event)) return `${what}, and ignores it`;
  return does.length === 0 ? what : `${what}, ${list(does)}`;
}
