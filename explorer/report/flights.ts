/** Messages on their way: which sending each delivery or loss in a run belongs to. */

import { canonical } from '../../model/contract/data.ts';
import type { AnyTagged, ProcessId } from '../../model/contract/protocol.ts';
import type { Effect } from '../../model/contract/step.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import type { Run, RunStep } from '../replay.ts';
import { type InFlight, sessionOf } from '../semantics/network.ts';
import type { GlobalState } from '../semantics/processes.ts';

/** A message from its sending to where the run leaves it. Steps are counted from 1; 0 is the start of the processes. */
export interface Flight {
  readonly from: ProcessId;
  readonly to: ProcessId;
  readonly message: AnyTagged;
  /** The step in which it was sent, or duplicated on its way. */
  readonly sent: number;
  readonly origin: 'sent' | 'duplicated';
  /** The step that received or lost it; null when it is in flight to the end. */
  readonly ended: number | null;
  readonly end: 'received' | 'lost' | 'in flight';
}

/** A run as it is drawn. */
export type DrawnRun = Pick<Run, 'initial' | 'loop'> & { readonly steps: readonly DrawnStep[] };

export interface DrawnStep extends RunStep {
  /** Messages that are received at this moment and ignored, and so have no step of their own. */
  readonly passed?: readonly InFlight[];
}

interface Open extends InFlight {
  readonly sent: number;
  readonly origin: Flight['origin'];
  received: boolean;
}

/**
 * The flights of a run, in the order of sending. Equal messages are told apart by age: the oldest arrives first. In a
 * `set`, where a message can arrive any number of times, each arrival is a flight from its first sending.
 */
export function flightsOf(
  { network }: ProcessInstance,
  { initial, steps }: Pick<DrawnRun, 'initial' | 'steps'>,
): Flight[] {
  const open: Open[] = [];
  const flights: Flight[] = [];

  function send(from: ProcessId, effects: readonly Effect[], sent: number, state: GlobalState): void {
    const nowhere = new Set(goneNowhere(from, effects, state));
    for (const effect of effects) {
      if (effect.type !== 'send' || effect.to === from) continue;
      const { to, message } = effect;
      if (nowhere.has(effect)) {
        flights.push({ from, to, message, sent, origin: 'sent', ended: sent, end: 'lost' });
        continue;
      }
      const known = network === 'set' && open.some((other) => isSame(other, { from, to, message }));
      if (!known) open.push({ from, to, message, sent, origin: 'sent', received: false });
    }
  }

  function end(sent: InFlight, ended: number, how: 'received' | 'lost'): void {
    const index = open.findIndex((other) => isSame(other, sent));
    const flight = open[index];
    if (flight === undefined) return;
    const { received: _, ...rest } = flight;
    flights.push({ ...rest, ended, end: how });
    flight.received = true;
    if (network !== 'set') open.splice(index, 1);
  }

  for (const { process, effects } of initial.starts) send(process, effects, 0, initial.state as GlobalState);
  for (const [index, { event, before, after, effects, passed = [] }] of steps.entries()) {
    const at = index + 1;
    if (event.type === 'receive') end({ from: event.from, to: event.process, message: event.message }, at, 'received');
    if (event.type === 'lose') end({ from: event.from, to: event.process, message: event.message }, at, 'lost');
    if (event.type === 'duplicate') {
      const { from, process: to, message } = event;
      open.push({ from, to, message, sent: at, origin: 'duplicated', received: false });
    }
    for (const lost of vanished(before as GlobalState, event, after as GlobalState)) end(lost, at, 'lost');
    if ('process' in event) send(event.process, effects, at, after as GlobalState);
    for (const message of passed) end(message, at, 'received');
  }
  for (const { received, ...flight } of open) {
    if (!received) flights.push({ ...flight, ended: null, end: 'in flight' });
  }
  return flights.sort((a, b) => a.sent - b.sent);
}

function isSame(a: InFlight, b: InFlight): boolean {
  return a.from === b.from && a.to === b.to && canonical(a.message) === canonical(b.message);
}

/** What a step sent into the void: over `fifo`, a sender that has no session with the receiver. */
export function goneNowhere(
  from: ProcessId,
  effects: readonly Effect[],
  { transit }: GlobalState,
): (Effect & { type: 'send' })[] {
  if (transit.kind !== 'fifo') return [];
  return effects
    .filter((effect) => effect.type === 'send')
    .filter(({ to }) => to !== from && sessionOf(transit, to, from) !== 'up');
}

/** The messages that an event took off the links of a `fifo` network without their being received. */
export function vanished(before: GlobalState, event: TraceEvent, after: GlobalState): InFlight[] {
  if (before.transit.kind !== 'fifo' || after.transit.kind !== 'fifo' || event.type === 'receive') return [];
  const { links } = after.transit;
  return Object.entries(before.transit.links).flatMap(([name, { queue }]) => {
    if ((links[name]?.queue.length ?? 0) >= queue.length) return [];
    const [from = '', to = ''] = name.split('>');
    return queue.map((message) => ({ from, to, message }));
  });
}
