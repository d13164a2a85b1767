import { expect, test } from 'vitest';
import { type ClientOrder, clientOrder, complete, invoke } from '../../spec/client-order.ts';
import { linearizable } from '../../spec/linearizability.ts';
import { type RegisterOp, type RegisterResult, register } from '../../spec/register.ts';

type Clients = ClientOrder<RegisterOp<string>, RegisterResult<string>>;

const nobody: Clients = {};
const read: RegisterOp<string> = { type: 'read' };
const write = (value: string): RegisterOp<string> => ({ type: 'write', value });

test('an operation remembers the last one that every other client had completed, not its own', () => {
  const once = complete(invoke(nobody, 'a', write('x')), 'a', null);
  const twice = complete(invoke(once, 'a', write('y')), 'a', null);
  expect(invoke(invoke(twice, 'b', read), 'a', read)).toEqual({
    a: {
      completed: [
        { op: write('x'), after: {}, result: null },
        { op: write('y'), after: {}, result: null },
      ],
      inFlight: { op: read, after: {} },
    },
    b: { completed: [], inFlight: { op: read, after: { a: 1 } } },
  });
});

test('what it remembers stays when it returns', () => {
  const written = complete(invoke(nobody, 'a', write('x')), 'a', null);
  expect(complete(invoke(written, 'b', read), 'b', 'x').b?.completed).toEqual([
    { op: read, after: { a: 0 }, result: 'x' },
  ]);
});

test('a client has one operation in flight at most', () => {
  expect(() => invoke(invoke(nobody, 'a', read), 'a', read)).toThrow(
    'a invokes an operation while another is in flight',
  );
  expect(() => complete(nobody, 'a', null)).toThrow('an operation of a returns, but none is in flight');
});

test("Stateright's tests: identifies_linearizable_register_history", () => {
  const readsOld = complete(invoke(invoke(nobody, '0', write('B')), '1', read), '1', 'A');
  expect(linearizable(register('A'), clientOrder(readsOld))).toBe(true);
  const readsNew = complete(invoke(invoke(nobody, '0', read), '1', write('B')), '0', 'B');
  expect(linearizable(register('A'), clientOrder(readsNew))).toBe(true);
});

test("Stateright's tests: identifies_unlinearizable_register_history", () => {
  const fromNowhere = complete(invoke(nobody, '0', read), '0', 'B');
  expect(linearizable(register('A'), clientOrder(fromNowhere))).toMatch(/^no order explains 0's read -> B/);
  // Sequentially consistent, for the write could come first if real time did not matter.
  const fromTheFuture = invoke(fromNowhere, '1', write('B'));
  expect(linearizable(register('A'), clientOrder(fromTheFuture))).toMatch(/^no order explains 0's read -> B/);
});
