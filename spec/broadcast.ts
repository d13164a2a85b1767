/**
 * Atomic broadcast: what must hold of the messages that processes broadcast and deliver.
 *
 * Sources: the lecture on coordinating distributed systems (Eurecom), slides "Atomic Broadcast (safety)" and "Leader order";
 * Junqueira, Reed and Serafini, "Zab: High-performance broadcast for primary-backup systems" (DSN 2011), whose local and
 * global primary order are the lecture's leader orders, and whose primary integrity the lecture leaves out.
 * Processes are all processes, the crashed ones included: the uniform versions of the properties. A message that a process
 * delivers more than once counts, for the orders, where it was first delivered. Messages are told apart by their value.
 */

import { same, show } from './plain.ts';
import type { Verdict } from './property.ts';

/** What each process has delivered, in order. To include what a crash made it forget, take it from a history variable. */
export type Deliveries<Message> = Readonly<Record<string, readonly Message[]>>;

/** What a leader has broadcast in one epoch, in order. */
export interface LedBroadcasts<Message> {
  readonly epoch: number;
  readonly leader: string;
  readonly messages: readonly Message[];
}

/** The same, with what the leader had delivered when it began to broadcast in that epoch. */
export interface PrimaryBroadcasts<Message> extends LedBroadcasts<Message> {
  readonly deliveredBefore: readonly Message[];
}

/**
 * Total order: when a process has delivered m without having delivered m', no process delivers m' before m.
 */
export function totalOrder<Message>(deliveries: Deliveries<Message>): Verdict {
  for (const [process, delivered] of Object.entries(deliveries)) {
    for (const [other, others] of Object.entries(deliveries)) {
      const reversed = pairs(delivered).find(([m, later]) => before(others, later, m) && before(delivered, m, later));
      if (reversed !== undefined) {
        const [m, later] = reversed.map(show);
        return `${process} delivered ${m} before ${later}, ${other} delivered ${later} before ${m}`;
      }
      const skipped = pairs(others).find(([m, later]) => has(delivered, later) && !has(delivered, m));
      if (skipped !== undefined) {
        const [m, later] = skipped.map(show);
        return `${process} delivered ${later} without ${m}, ${other} delivered ${m} before ${later}`;
      }
    }
  }
  return true;
}

/**
 * Agreement (Zab): of what any two processes have delivered, one is a prefix of the other. Stronger than total order, which
 * two processes that deliver different messages do not break.
 */
export function prefixAgreement<Message>(deliveries: Deliveries<Message>): Verdict {
  const all = Object.entries(deliveries);
  for (const [index, [process, delivered]] of all.entries()) {
    for (const [other, others] of all.slice(index + 1)) {
      const length = Math.min(delivered.length, others.length);
      const at = Array.from({ length }).findIndex((_, position) => !same(delivered[position], others[position]));
      if (at !== -1) {
        const [mine, theirs] = [delivered[at], others[at]].map(show);
        return `delivery ${at + 1} is ${mine} at ${process}, ${theirs} at ${other}`;
      }
    }
  }
  return true;
}

/** Integrity, also called no creation: no message is delivered unless it was broadcast. */
export function noCreation<Message>(deliveries: Deliveries<Message>, broadcast: Iterable<Message>): Verdict {
  const known = [...broadcast];
  for (const [process, delivered] of Object.entries(deliveries)) {
    const invented = delivered.find((message) => !has(known, message));
    if (invented !== undefined) return `${process} delivered ${show(invented)}, which nobody broadcast`;
  }
  return true;
}

/** No duplication: no process delivers a message more than once. */
export function noDuplication<Message>(deliveries: Deliveries<Message>): Verdict {
  for (const [process, delivered] of Object.entries(deliveries)) {
    const again = delivered.find((message, at) => position(delivered, message) < at);
    if (again !== undefined) return `${process} delivered ${show(again)} twice`;
  }
  return true;
}

/** Gap-free delivery: every process delivers what has number 1, then 2, and so on, leaving nothing out. */
export function gapFree(numbers: Deliveries<number>): Verdict {
  for (const [process, delivered] of Object.entries(numbers)) {
    const at = delivered.findIndex((number, index) => number !== index + 1);
    if (at !== -1) return `delivery ${at + 1} of ${process} is number ${delivered[at]}`;
  }
  return true;
}

/**
 * Local leader order: when a leader broadcasts m before m' (in the same epoch), a process that delivers m' delivers m
 * before it.
 */
export function localLeaderOrder<Message>(
  deliveries: Deliveries<Message>,
  broadcasts: readonly LedBroadcasts<Message>[],
): Verdict {
  for (const { leader, epoch, messages } of broadcasts) {
    for (const [process, delivered] of Object.entries(deliveries)) {
      const broken = pairs(messages).find(([m, later]) => has(delivered, later) && !before(delivered, m, later));
      if (broken === undefined) continue;
      const [m, later] = broken.map(show);
      return `${leader} broadcast ${m} before ${later} in epoch ${epoch}, ${process} delivered ${later} without ${m} before it`;
    }
  }
  return true;
}

/**
 * Global leader order: when a message was broadcast in an earlier epoch than another, a process that delivers both
 * delivers it first.
 */
export function globalLeaderOrder<Message>(
  deliveries: Deliveries<Message>,
  broadcasts: readonly LedBroadcasts<Message>[],
): Verdict {
  const all = broadcasts.flatMap(({ epoch, messages }) => messages.map((message) => ({ epoch, message })));
  for (const earlier of all) {
    for (const later of all.filter(({ epoch }) => epoch > earlier.epoch)) {
      for (const [process, delivered] of Object.entries(deliveries)) {
        if (!before(delivered, later.message, earlier.message)) continue;
        const [first, second] = [later, earlier].map(({ message, epoch }) => `${show(message)} of epoch ${epoch}`);
        return `${process} delivered ${first} before ${second}`;
      }
    }
  }
  return true;
}

/**
 * Primary integrity: when the leader of an epoch broadcasts and some process delivers a message of an earlier epoch, that
 * leader had delivered the message before it broadcast.
 */
export function primaryIntegrity<Message>(
  deliveries: Deliveries<Message>,
  broadcasts: readonly PrimaryBroadcasts<Message>[],
): Verdict {
  for (const { epoch, leader, messages, deliveredBefore } of broadcasts) {
    if (messages.length === 0) continue;
    const earlier = broadcasts.filter((other) => other.epoch < epoch).flatMap((other) => other.messages);
    for (const [process, delivered] of Object.entries(deliveries)) {
      const missed = delivered.find((message) => has(earlier, message) && !has(deliveredBefore, message));
      if (missed === undefined) continue;
      return `${leader} broadcast ${show(messages[0])} in epoch ${epoch} without having delivered ${show(missed)} of an earlier epoch, which ${process} delivered`;
    }
  }
  return true;
}

/** Every message with every one after it. */
function pairs<Message>(messages: readonly Message[]): (readonly [Message, Message])[] {
  return messages.flatMap((message, index) => messages.slice(index + 1).map((later) => [message, later] as const));
}

/** Whether both are among the messages, `first` before `second`. */
function before<Message>(messages: readonly Message[], first: Message, second: Message): boolean {
  const [one, two] = [position(messages, first), position(messages, second)];
  return one !== -1 && two !== -1 && one < two;
}

function has<Message>(messages: readonly Message[], message: Message): boolean {
  return position(messages, message) !== -1;
}

function position<Message>(messages: readonly Message[], message: Message): number {
  return messages.findIndex((other) => same(other, message));
}
