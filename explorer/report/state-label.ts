/** A state in a few short lines, for a node of a graph. */

import { equal } from '../../model/contract/data.ts';
import type { Instance } from '../../model/contract/system.ts';
import type { Snapshot } from '../../spec/property.ts';
import type { GlobalState } from '../semantics/processes.ts';
import { type Formatter, isRecord } from './format.ts';
import type { Met } from './space.ts';
import { wrap } from './text.ts';

const MOST_LINES = 12;
const WIDEST = 40;

/** Of a bare system all fields; of processes what differs from the initial views, and what is in flight. */
export function stateLines(instance: Instance, met: Met, initial: Met, format: Formatter): string[] {
  if (instance.kind === 'transitions') return shortened(fieldTexts(met.state, format));
  const was = initial.seen as Snapshot<unknown, unknown>;
  const is = met.seen as Snapshot<unknown, unknown>;
  const processes = instance.processes.flatMap(({ id }) => {
    if (is.crashed.includes(id)) return [`${id} down`];
    const changes = differences(was.views[id], is.views[id], format);
    return changes.length === 0 ? [] : [`${id} ${changes.join(', ')}`];
  });
  const lines = [...processes, ...inFlight(met.state as GlobalState, format)];
  return lines.length === 0 ? [met.initial ? 'start' : 'as at the start'] : shortened(lines);
}

/** The fields of a value, a text each; of a value without fields just that. */
export function fieldTexts(value: unknown, format: Formatter): string[] {
  if (!isRecord(value)) return [format.value(value)];
  return Object.entries(value).map(([name, item]) => format.field(name, item));
}

function differences(was: unknown, is: unknown, format: Formatter): string[] {
  if (!isRecord(was) || !isRecord(is)) return equal(was, is) ? [] : fieldTexts(is, format);
  const changed = Object.entries(is).filter(([name, item]) => !Object.hasOwn(was, name) || !equal(was[name], item));
  return fieldTexts(Object.fromEntries(changed), format);
}

function inFlight({ transit }: GlobalState, format: Formatter): string[] {
  if (transit.kind !== 'fifo')
    return transit.messages.map(({ from, to, message }) => `${from} > ${to}: ${format.tagged(message)}`);
  return Object.entries(transit.links).flatMap(([name, { queue, session }]) => {
    const state = session === 'up' ? [] : [`session ${session}`];
    const content = [...state, ...queue.map(format.tagged)];
    return content.length === 0 ? [] : [`${name.replace('>', ' > ')}: ${content.join(', ')}`];
  });
}

/** Wrapped and cut to what a node has room for. */
export function shortened(lines: readonly string[]): string[] {
  const wrapped = lines.flatMap((text) => wrap('', 2, [{ text }], { width: WIDEST, color: false }).split('\n'));
  return wrapped.length <= MOST_LINES ? wrapped : [...wrapped.slice(0, MOST_LINES - 1), '...'];
}
