/** The claims of Ongaro's thesis about writing to the leader's disk in parallel (section 10.2.1). */

import { describe, expect, test } from 'vitest';
import { appendEntries, appended, execute, kinds, leader, logOf } from './cluster.ts';

const parallel = (log: readonly number[] = []) => leader(log, { parallelWrite: true });

describe('section 10.2.1: a leader writes its log while its followers do', () => {
  test('entries go out with the step that appends them, and a crash before the next write takes them', () => {
    const n1 = parallel([1]);
    expect(kinds(n1.request('c1', execute('a')))).toEqual(['n2 <- AppendEntries', 'n3 <- AppendEntries']);
    n1.request('c2', execute('b'));
    expect(logOf(n1)).toEqual([1, 2, 2]);
    n1.crashAndRecover();
    expect(logOf(n1)).toEqual([1]);
  });

  test('what it has written, a crash leaves', () => {
    const n1 = parallel();
    n1.request('c1', execute('a'));
    n1.fire('write');
    n1.request('c2', execute('b'));
    n1.crashAndRecover();
    expect(logOf(n1)).toEqual([1]);
  });

  test('it counts itself for an entry when it has written it', () => {
    const n1 = parallel();
    n1.request('c1', execute('a'));
    n1.receive('n2', appended(1, 1));
    expect(n1.state.commitIndex).toBe(0);
    expect(n1.fire('write')).toContain('c1 <- executed {"seq":1,"result":1}');
    expect(n1.state.commitIndex).toBe(1);
  });

  test('it may commit before it has written, when a majority of the others has', () => {
    const n1 = parallel();
    n1.request('c1', execute('a'));
    n1.receive('n2', appended(1, 1));
    expect(n1.receive('n3', appended(1, 1))).toContain('c1 <- executed {"seq":1,"result":1}');
    expect(n1.timers).toContain('write');
  });

  test('who leads no more has written its log with that step', () => {
    const n1 = parallel();
    n1.request('c1', execute('a'));
    n1.receive('n2', appendEntries(2));
    expect(n1.timers).not.toContain('write');
    n1.crashAndRecover();
    expect(logOf(n1)).toEqual([1]);
  });

  test('without the option, an entry is written with the step that appends it', () => {
    const n1 = leader();
    n1.request('c1', execute('a'));
    expect(n1.timers).not.toContain('write');
    n1.crashAndRecover();
    expect(logOf(n1)).toEqual([1]);
  });
});
