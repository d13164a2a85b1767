/** The claims about clients (paper, section 8; lecture, slide 43), one test each. */

import { describe, expect, test } from 'vitest';
import { appendEntries, appended, execute, leader, logOf, server } from './cluster.ts';

describe('redirection', () => {
  test('"if the client\'s first choice is not the leader, that server will reject the client\'s request and supply" the leader', () => {
    const n1 = server();
    n1.receive('n2', appendEntries(1));
    expect(n1.request('c1', execute('a'))).toEqual(['c1 <- redirect {"seq":1,"leader":"n2"}']);
    expect(logOf(n1)).toEqual([]);
  });

  test('who knows no leader is silent', () => {
    const n1 = server();
    expect(n1.request('c1', execute('a'))).toEqual([]);
    n1.receive('n2', appendEntries(1));
    n1.fire('election');
    expect(n1.request('c1', execute('a'))).toEqual([]);
  });
});

describe('exactly once', () => {
  /** A leader that has executed c1's first operation. */
  function executed() {
    const n1 = leader();
    n1.request('c1', execute('a'));
    n1.receive('n2', appended(1, 1));
    return n1;
  }

  test('"if it receives a command whose serial number has already been executed, it responds immediately without re-executing"', () => {
    const n1 = executed();
    expect(n1.request('c1', execute('a'))).toEqual(['c1 <- executed {"seq":1,"result":1}']);
    expect(logOf(n1)).toEqual([1]);
  });

  test('an operation that is in the log twice is executed once; both answers are the same', () => {
    const n1 = leader();
    n1.request('c1', execute('a'));
    n1.request('c1', execute('a'));
    expect(logOf(n1)).toEqual([1, 1]);
    const answers = n1.receive('n2', appended(1, 2)).filter((line) => line.startsWith('c1'));
    expect(answers).toEqual(Array(2).fill('c1 <- executed {"seq":1,"result":1}'));
    expect(n1.state.machine).toEqual(['a']);
  });

  test("a client's next operation is executed; an earlier one has no answer any more", () => {
    const n1 = executed();
    n1.request('c1', execute('b', 2));
    expect(n1.receive('n2', appended(1, 2))).toContain('c1 <- executed {"seq":2,"result":2}');
    expect(n1.request('c1', execute('a'))).toEqual([]);
    expect(n1.state.sessions).toEqual(new Map([['c1', { seq: 2, result: 2 }]]));
  });

  test('followers keep sessions too, and answer nobody', () => {
    const n1 = server();
    const entry = { term: 1, command: { client: 'c1', seq: 1, op: 'a' } };
    const sent = n1.receive('n2', appendEntries(1, 0, 0, [entry], 1));
    expect(sent.filter((line) => line.startsWith('c1'))).toEqual([]);
    expect(n1.state.sessions).toEqual(new Map([['c1', { seq: 1, result: 1 }]]));
  });

  test('lecture, slide 43: "before accepting request, leader checks log for entry with same id" (option)', () => {
    const n1 = leader([], { scanLog: true });
    n1.request('c1', execute('a'));
    expect(n1.request('c1', execute('a'))).toEqual([]);
    expect(logOf(n1)).toEqual([1]);
    n1.request('c1', execute('b', 2));
    expect(logOf(n1)).toEqual([1, 1]);
  });
});
