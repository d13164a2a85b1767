import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AtomicObject, ObjectClient } from '../../spec/atomic-object.ts';
import { type ClientOrder, clientOrder, complete, invoke } from '../../spec/client-order.ts';
import { linearizable } from '../../spec/linearizability.ts';
import { atomicRegister, type RegisterOp, type RegisterResult, register } from '../../spec/register.ts';

type Value = string | null;
type Op = RegisterOp<Value>;
type Client = ObjectClient<Op, RegisterResult<Value>>;
type Register = AtomicObject<Value, Op, RegisterResult<Value>>;

const { initial, step } = atomicRegister<Value>(null);
const READ: Op = { type: 'read' };
const write = (value: string): Op => ({ type: 'write', value });

const idle = (...results: Value[]): Client => ({ results, invoked: null });
const waiting = (op: Op, ...results: Value[]): Client => ({ results, invoked: { op, effect: null } });
const effected = (op: Op, result: Value, ...results: Value[]): Client => ({
  results,
  invoked: { op, effect: { result } },
});
const holding = (state: Value, clients: Readonly<Record<string, Client>> = {}): Register => ({ state, clients });

describe('at first', () => {
  test('it holds what it is to hold, and clients may have invoked operations', () => {
    expect(initial(holding(null, { c1: waiting(write('a')), c2: idle() }))).toBe(true);
  });

  test('nothing else is held, nothing has taken effect, nothing has returned', () => {
    expect(initial(holding('a'))).toBe(false);
    expect(initial(holding(null, { c1: effected(READ, null) }))).toBe(false);
    expect(initial(holding(null, { c1: idle(null) }))).toBe(false);
  });
});

describe('an operation', () => {
  test.each<[string, Register, Register]>([
    ['is invoked', holding('a', { c1: idle() }), holding('a', { c1: waiting(READ) })],
    ['takes effect', holding('a', { c1: waiting(READ) }), holding('a', { c1: effected(READ, 'a') })],
    ['returns', holding('b', { c1: effected(READ, 'a') }), holding('b', { c1: idle('a') })],
    ['takes effect and returns', holding('a', { c1: waiting(READ) }), holding('a', { c1: idle('a') })],
    [
      'returns, and the next is invoked',
      holding('a', { c1: effected(write('a'), null) }),
      holding('a', { c1: waiting(READ, null) }),
    ],
    [
      'changes what is held',
      holding('a', { c1: waiting(write('b')), c2: waiting(READ) }),
      holding('b', { c1: effected(write('b'), null), c2: waiting(READ) }),
    ],
  ])('%s', (_, before, after) => {
    expect(step(before, after)).toBe(true);
  });

  test.each<[string, Register, Register]>([
    ['a becomes b by no operation', holding('a'), holding('b')],
    [
      "c1's read -> null takes effect where it would be c1's read -> a",
      holding('a', { c1: waiting(READ) }),
      holding('a', { c1: idle(null) }),
    ],
    ["c1's write b leaves a, and not b", holding('a', { c1: waiting(write('b')) }), holding('a', { c1: idle(null) })],
    [
      "c1's write a and c2's write b take effect at once",
      holding(null, { c1: waiting(write('a')), c2: waiting(write('b')) }),
      holding('b', { c1: idle(null), c2: idle(null) }),
    ],
    ['c1 is given a for null', holding('a', { c1: effected(READ, null) }), holding('a', { c1: idle('a') })],
    ['c1 is given a for nothing', holding('a', { c1: idle() }), holding('a', { c1: idle('a') })],
    ['c1 is given ["a","a"] after []', holding('a', { c1: waiting(READ) }), holding('a', { c1: idle('a', 'a') })],
    ['c1 is given [] after ["a"]', holding('a', { c1: idle('a') }), holding('a', { c1: idle() })],
    ['c1 gives up {"type":"read"}', holding('a', { c1: waiting(READ) }), holding('a', { c1: idle() })],
    [
      'what c1\'s {"type":"read"} has done is undone',
      holding('a', { c1: effected(READ, 'a') }),
      holding('a', { c1: waiting(READ) }),
    ],
  ])('cannot do this: %s', (why, before, after) => {
    expect(step(before, after)).toBe(why);
  });
});

test('what clients see of its runs is linearizable', () => {
  const move = fc.record({
    client: fc.constantFrom('c1', 'c2', 'c3'),
    op: fc.constantFrom<Op>(READ, write('a'), write('b')),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
      let seen: ClientOrder<Op, RegisterResult<Value>> = {};
      let now = holding(null);
      for (const { client, op } of moves) {
        const { results, invoked } = now.clients[client] ?? idle();
        const applied = invoked && register<Value>(null).apply(now.state, invoked.op);
        let next = waiting(op, ...results);
        if (applied && invoked.effect === null) next = effected(invoked.op, applied.result, ...results);
        else if (invoked?.effect) next = idle(...results, invoked.effect.result);
        const then = holding(applied && invoked.effect === null ? applied.state : now.state, {
          ...now.clients,
          [client]: next,
        });
        expect(step(now, then)).toBe(true);
        if (invoked === null) seen = invoke(seen, client, op);
        else if (invoked.effect) seen = complete(seen, client, invoked.effect.result);
        now = then;
      }
      expect(linearizable(register<Value>(null), clientOrder(seen))).toBe(true);
    }),
  );
});
