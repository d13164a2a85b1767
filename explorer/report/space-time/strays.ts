/** Messages that never arrive, as a space-time diagram shows them. */

import type { ProcessId } from '../../../model/contract/protocol.ts';
import type { Flight } from '../flights.ts';
import type { Formatter } from '../format.ts';
import { wrapPixels } from '../svg.ts';

/** The size of their texts, the height of a line of it, and how wide it may be. */
export const SMALL = 10;
export const STUB = 13;
const WIDEST_SMALL = 140;

/** How far a stub falls. */
export const STUB_FALL = 20;

export type Side = 'left' | 'right';

/** Messages that leave a process in one row and never arrive. */
export interface Stub {
  readonly process: ProcessId;
  readonly side: Side;
  /** Lost as they were sent, or in flight to the end. */
  readonly lost: boolean;
  readonly text: string;
  readonly lines: readonly string[];
}

/** Whether a flight leaves a mere stub: it never arrives, and nothing shows where it was lost. */
export function isStub({ sent, ended, end, origin }: Flight): boolean {
  return origin === 'sent' && (end === 'in flight' || (end === 'lost' && ended === sent));
}

export function stubsOf(flights: readonly Flight[], columns: readonly ProcessId[], format: Formatter): readonly Stub[] {
  const grouped = new Map<string, Stub & { process: ProcessId; texts: Map<string, string[]> }>();
  for (const { from, to, message, end } of flights.filter(isStub)) {
    const side = columns.indexOf(from) < columns.indexOf(to) ? 'right' : 'left';
    const lost = end === 'lost';
    const key = `${from} ${side} ${lost}`;
    const stub = { process: from, side, lost, text: '', lines: [] } as const;
    const group = grouped.get(key) ?? { ...stub, texts: new Map<string, string[]>() };
    const text = format.tagged(message);
    group.texts.set(text, [...(group.texts.get(text) ?? []), to]);
    grouped.set(key, group);
  }
  return [...grouped.values()].map(({ texts, ...stub }) => {
    const messages = [...texts].map(([message, to]) => `${message} to ${to.join(', ')}`).join('; ');
    const text = stub.lost ? `${messages} (no session)` : messages;
    return { ...stub, text, lines: wrapPixels(text, SMALL, WIDEST_SMALL) };
  });
}

/** How far the stubs of a row reach down. */
export function depthOf(stubs: readonly Stub[]): number {
  const lines = new Map<string, number>();
  for (const { process, side, lines: own } of stubs) {
    const key = `${process} ${side}`;
    lines.set(key, (lines.get(key) ?? 0) + own.length);
  }
  return stubs.length === 0 ? 0 : STUB_FALL - 1 + (Math.max(...lines.values()) - 1) * STUB;
}

/** Messages that are lost on one link in one step, after the step that sent them. */
export interface Loss {
  readonly step: number;
  readonly from: ProcessId;
  readonly to: ProcessId;
  readonly flights: readonly Flight[];
  readonly label: readonly string[];
}

export function lossesOf(flights: readonly Flight[], format: Formatter): Loss[] {
  const grouped = new Map<string, Flight[]>();
  for (const flight of flights) {
    if (flight.end !== 'lost' || isStub(flight)) continue;
    const key = `${flight.ended} ${flight.from} ${flight.to}`;
    grouped.set(key, [...(grouped.get(key) ?? []), flight]);
  }
  return [...grouped.values()].flatMap((together) => {
    const [first] = together;
    if (first === undefined || first.ended === null) return [];
    const texts = together.map(({ message }) => format.tagged(message));
    const counted = [...new Set(texts)].map((text) => {
      const times = texts.filter((other) => other === text).length;
      return times === 1 ? text : `${times} x ${text}`;
    });
    const label = wrapPixels(counted.join(', '), SMALL, WIDEST_SMALL);
    return [{ step: first.ended, from: first.from, to: first.to, flights: together, label }];
  });
}
