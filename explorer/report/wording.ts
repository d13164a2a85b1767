/** Events and effects in words. */

import { canonical } from '../../model/contract/data.ts';
import type { AnyTagged, Identity, ProcessId } from '../../model/contract/protocol.ts';
import type { Effect } from '../../model/contract/step.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import type { Formatter } from './format.ts';

/** A step as a sentence: who did what. */
export function headline(event: TraceEvent, format: Formatter): string {
  switch (event.type) {
    case 'request':
      return `${event.client} asks ${event.process}: ${format.tagged(event.request)}`;
    case 'receive':
      return `${event.process} receives ${format.tagged(event.message)} from ${event.from}`;
    case 'timeout':
      return `${event.process}: timer ${event.timer} fires`;
    case 'crash':
      return `${event.process} crashes`;
    case 'recover':
      return `${event.process} recovers`;
    case 'lose':
      return `${format.tagged(event.message)} from ${event.from} to ${event.process} is lost`;
    case 'duplicate':
      return `${format.tagged(event.message)} from ${event.from} to ${event.process} is duplicated`;
    case 'cut':
      return `the session between ${event.process} and ${event.peer} is cut`;
    case 'connect':
      return `a new session opens between ${event.process} and ${event.peer}`;
    case 'linkDown':
      return `${event.process} learns that its session with ${event.peer} is lost`;
    case 'linkUp':
      return `${event.process} learns of a new session with ${event.peer}`;
    case 'action':
      return event.action;
  }
}

/** A step in a word or two, for a picture that shows who took it. */
export function label(event: TraceEvent, format: Formatter): string {
  switch (event.type) {
    case 'request':
      return event.client === 'client'
        ? format.tagged(event.request)
        : `${event.client}: ${format.tagged(event.request)}`;
    case 'receive':
      return format.tagged(event.message);
    case 'timeout':
      return `timer ${event.timer}`;
    case 'crash':
    case 'recover':
      return event.type;
    case 'lose':
      return `lost: ${format.tagged(event.message)}`;
    case 'duplicate':
      return `duplicated: ${format.tagged(event.message)}`;
    case 'cut':
      return 'session cut';
    case 'connect':
      return 'new session';
    case 'linkDown':
      return `link to ${event.peer} down`;
    case 'linkUp':
      return `link to ${event.peer} up`;
    case 'action':
      return event.action;
  }
}

/** A message and everyone whom it was sent to in one step. */
export interface Sending {
  readonly message: AnyTagged;
  readonly to: readonly ProcessId[];
}

/** What a step sends, equal messages together, in the order in which each was first sent. */
export function sendings(effects: readonly Effect[]): Sending[] {
  const byMessage = new Map<string, { message: AnyTagged; to: ProcessId[] }>();
  for (const effect of effects) {
    if (effect.type !== 'send') continue;
    const key = canonical(effect.message);
    const sending = byMessage.get(key) ?? { message: effect.message, to: [] };
    sending.to.push(effect.to);
    byMessage.set(key, sending);
  }
  return [...byMessage.values()];
}

/** The receivers of a message as its sender would name them; `everyone` is how many processes there are in all. */
export function receivers(to: readonly ProcessId[], { self, processes, peers }: Identity, everyone: number): string {
  if (processes.length === everyone && everyone > 1) {
    if (isSame(to, processes)) return 'all';
    if (peers.length > 1 && isSame(to, peers)) return 'all others';
  }
  const others = to.filter((id) => id !== self);
  return list(others.length === to.length ? others : [...others, 'itself']);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return canonical(a.toSorted()) === canonical(b.toSorted());
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1)}`;
}

/** A step in a word or two, with who took it. */
export function actorLabel(event: TraceEvent, format: Formatter): string {
  if (event.type === 'request') return `${event.process}: ${format.tagged(event.request)}`;
  const text = label(event, format);
  if (event.type === 'action') return text;
  if (event.type === 'cut' || event.type === 'connect') return `${event.process} - ${event.peer}: ${text}`;
  if (event.type === 'lose' || event.type === 'duplicate') return `${event.from} > ${event.process}: ${text}`;
  return `${event.process}: ${text}`;
}

/** The kind of a step, whoever took it and whatever it carried. */
export function kind(event: TraceEvent): string {
  switch (event.type) {
    case 'request':
      return event.request.type;
    case 'receive':
      return event.message.type;
    case 'timeout':
      return `timer ${event.timer}`;
    case 'action':
      return event.action;
    case 'lose':
      return 'lost';
    case 'duplicate':
      return 'duplicated';
    case 'cut':
      return 'session cut';
    case 'connect':
      return 'new session';
    case 'linkDown':
      return 'link down';
    case 'linkUp':
      return 'link up';
    case 'crash':
    case 'recover':
      return event.type;
  }
}
