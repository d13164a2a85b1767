import { describe, expect, test } from 'vitest';
import { replay } from '../../../explorer/replay.ts';
import { type Flight, flightsOf } from '../../../explorer/report/flights.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import courier from './courier.ts';
import { script } from './script.ts';

function flights(parameters: Record<string, number | string>, ...lines: string[]): string[] {
  const instance = courier.build(parameters, null) as ProcessInstance;
  return flightsOf(instance, replay(instance, script(instance, ...lines))).map(text);
}

function text({ from, to, message, sent, origin, ended, end }: Flight): string {
  return `${message.type} ${from}>${to}: ${origin} in ${sent}, ${end}${ended === null ? '' : ` in ${ended}`}`;
}

describe('messages on their way', () => {
  test('equal messages of a bag are told apart by age: the oldest arrives first', () => {
    expect(
      flights(
        { timeouts: 1 },
        'c1 asks n1: deliver tea',
        'n1: timer again fires',
        'n2 receives Parcel tea from n1',
        'n2 receives Parcel tea from n1',
      ),
    ).toEqual([
      'Parcel n1>n2: sent in 1, received in 3',
      'Parcel n1>n2: sent in 2, received in 4',
      'Receipt n2>n1: sent in 3, in flight',
      'Receipt n2>n1: sent in 4, in flight',
    ]);
  });

  test('in a set every arrival is a flight from the first sending', () => {
    expect(
      flights(
        { network: 'set', timeouts: 1 },
        'c1 asks n1: deliver tea',
        'n1: timer again fires',
        'n2 receives Parcel tea from n1',
        'n2 receives Parcel tea from n1',
      ),
    ).toEqual([
      'Parcel n1>n2: sent in 1, received in 3',
      'Parcel n1>n2: sent in 1, received in 4',
      'Receipt n2>n1: sent in 3, in flight',
      'Receipt n2>n1: sent in 4, in flight',
    ]);
  });

  test('lost and duplicated ones', () => {
    expect(
      flights(
        { losses: 1, duplications: 1 },
        'c1 asks n1: deliver tea',
        'Parcel tea from n1 to n2 is duplicated',
        'Parcel tea from n1 to n2 is lost',
        'n2 receives Parcel tea from n1',
      ),
    ).toEqual([
      'Parcel n1>n2: sent in 1, lost in 3',
      'Parcel n1>n2: duplicated in 2, received in 4',
      'Receipt n2>n1: sent in 4, in flight',
    ]);
  });

  test('a session takes what was in flight with it, and without one nothing is sent', () => {
    expect(
      flights(
        { network: 'fifo', linkCuts: 1, timeouts: 1 },
        'c1 asks n1: deliver tea',
        'the session between n1 and n2 is cut',
        'n1 learns that its session with n2 is lost',
        'n1: timer again fires',
        'n2 learns that its session with n1 is lost',
      ),
    ).toEqual(['Parcel n1>n2: sent in 1, lost in 5', 'Parcel n1>n2: sent in 4, lost in 4']);
  });
});
