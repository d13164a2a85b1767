/** Histories of clients: written, read back, judged. */

import { describe, expect, test } from 'vitest';
import {
  HISTORY_HEADER,
  type HistoryEvent,
  operationsOf,
  printHistoryEvent,
  readHistory,
} from '../../../impl/service/client-history.ts';
import { linearizableByKey } from '../../../spec/key-value.ts';

const put = (client: string, seq: number, value: string, at: number): HistoryEvent => ({
  type: 'invoke',
  client,
  seq,
  op: { type: 'put', key: 'x', value },
  at,
});
const get = (client: string, seq: number, at: number): HistoryEvent => ({
  type: 'invoke',
  client,
  seq,
  op: { type: 'get', key: 'x' },
  at,
});
const returned = (client: string, seq: number, value: string | null, at: number): HistoryEvent => ({
  type: 'return',
  client,
  seq,
  value,
  at,
});
const text = (events: readonly HistoryEvent[]) => `${[HISTORY_HEADER, ...events.map(printHistoryEvent)].join('\n')}\n`;
const judged = (events: readonly HistoryEvent[]) => linearizableByKey(operationsOf(readHistory(text(events), 'h')));

describe('a history of clients', () => {
  test('of a read that sees the latest write is linearizable', () => {
    expect(judged([put('a', 1, '1', 0), returned('a', 1, null, 1), get('b', 1, 2), returned('b', 1, '1', 3)])).toBe(
      true,
    );
  });

  test('of a read that misses a completed write is not', () => {
    expect(judged([put('a', 1, '1', 0), returned('a', 1, null, 1), get('b', 1, 2), returned('b', 1, null, 3)])).toMatch(
      "no order explains b's get x -> null",
    );
  });

  test('an operation without an end may have been executed, or not; one that failed was not', () => {
    const seen = (value: string | null) => [get('b', 1, 5), returned('b', 1, value, 6)];
    expect(judged([put('a', 1, '1', 0), ...seen('1')])).toBe(true);
    expect(judged([put('a', 1, '1', 0), ...seen(null)])).toBe(true);
    expect(judged([put('a', 1, '1', 0), { type: 'fail', client: 'a', seq: 1, at: 1 }, ...seen('1')])).not.toBe(true);
  });

  test('torn by a kill is read up to the tear; a wrong line is named', () => {
    const whole = text([put('a', 1, '1', 0), put('a', 2, '2', 1)]);
    expect(readHistory(whole.slice(0, -5), 'h')).toHaveLength(1);
    expect(() => readHistory(whole.replace('"put"', '"putt"'), 'h.jsonl')).toThrow('h.jsonl:2 ');
    expect(() => readHistory('{}', 'h.jsonl')).toThrow('h.jsonl is not a history of clients');
  });
});
