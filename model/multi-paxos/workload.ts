/**
 * Elections and commands, as one number: a digit for each epoch, saying how many commands its leader is asked to broadcast.
 * So 210 is the lecture's run of leader order: A and B by the leader of epoch 1, C by that of epoch 2, nothing of its own by
 * that of epoch 3. The epochs are led by n1, n2, n3, ... in turn. Commands are named A, B, C, ... in the same order.
 */

import { type ClientRequest, type Interchangeable, integer, type ProcessId } from '../contract/index.ts';

export interface Led {
  readonly epoch: number;
  readonly leader: ProcessId;
  readonly commands: readonly string[];
}

export function workload(standard: number) {
  return integer({
    default: standard,
    min: 1,
    max: 99_999,
    help: 'commands of the leaders of epochs 1, 2, ..., a digit each',
  });
}

export function ledEpochs(digits: number, ids: readonly ProcessId[]): Led[] {
  let named = 0;
  return [...String(digits)].map((digit, index) => {
    const first = named;
    named += Number(digit);
    return {
      epoch: index + 1,
      leader: ids[index % ids.length] ?? '',
      commands: Array.from({ length: Number(digit) }, (_, at) => commandName(first + at)),
    };
  });
}

/** A, B, ..., Z, A1, B1, ... */
function commandName(index: number): string {
  const letter = String.fromCharCode('A'.charCodeAt(0) + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}

/** A leader is elected in each epoch, and its commands reach it, at any time. */
export function requestsOf(epochs: readonly Led[]): ClientRequest[] {
  return epochs.flatMap(({ epoch, leader, commands }) => [
    { to: leader, client: 'omega', request: { type: 'elected', epoch } },
    ...commands.map((value) => ({ to: leader, request: { type: 'broadcast', value } })),
  ]);
}

/** Processes that lead no epoch, and the commands of each epoch. Leaders are told apart by the order of their epochs. */
export function interchangeableIn(epochs: readonly Led[], ids: readonly ProcessId[]): Interchangeable[] {
  const leaders = epochs.map(({ leader }) => leader);
  return [ids.filter((id) => !leaders.includes(id)), ...epochs.map(({ commands }) => commands)];
}
