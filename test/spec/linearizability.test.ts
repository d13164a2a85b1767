import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClientOrder, clientOrder, complete, invoke } from '../../spec/client-order.ts';
import { linearizable, linearize, type SequentialSpecification } from '../../spec/linearizability.ts';
import { type RecordedOperation, realTime } from '../../spec/real-time.ts';
import { type RegisterOp, type RegisterResult, register } from '../../spec/register.ts';
import { naivelyLinearizable } from './naive-linearizability.ts';

type QueueOp = { readonly type: 'enq'; readonly item: string } | { readonly type: 'deq' };

/** A FIFO queue; to dequeue from an empty one gives null. */
const queue: SequentialSpecification<readonly string[], QueueOp, string | null> = {
  initial: [],
  apply: (items, op) =>
    op.type === 'enq'
      ? { state: [...items, op.item], result: null }
      : { state: items.slice(1), result: items[0] ?? null },
};

const enq = (item: string): QueueOp => ({ type: 'enq', item });
const deq: QueueOp = { type: 'deq' };

type Recorded<Op, Result> = RecordedOperation<Op, Result>;
type QueueOperation = Recorded<QueueOp, string | null>;
type RegisterOperation = Recorded<RegisterOp<number>, RegisterResult<number>>;

function ran<Op, Result>(client: string, from: number, to: number, op: Op, result: Result): Recorded<Op, Result> {
  return { client, op, invokedAt: from, returnedAt: to, result };
}

const pending = <Op>(client: string, from: number, op: Op): Recorded<Op, never> => ({
  client,
  op,
  invokedAt: from,
  returnedAt: null,
});

const write = (client: string, from: number, to: number, value: number): RegisterOperation =>
  ran<RegisterOp<number>, RegisterResult<number>>(client, from, to, { type: 'write', value }, null);
const read = (client: string, from: number, to: number, value: number): RegisterOperation =>
  ran<RegisterOp<number>, RegisterResult<number>>(client, from, to, { type: 'read' }, value);

const judgeQueue = (operations: readonly QueueOperation[]) => linearizable(queue, realTime(operations));
const judgeRegister = (operations: readonly RegisterOperation[]) => linearizable(register(0), realTime(operations));

describe('Herlihy and Wing 1990, figure 1: histories of a FIFO queue', () => {
  test('(a) concurrent enqueues may be dequeued in either order', () => {
    expect(
      judgeQueue([
        ran('A', 1, 4, enq('x'), null),
        ran('B', 2, 3, enq('y'), null),
        ran('B', 5, 6, deq, 'x'),
        ran('A', 7, 8, deq, 'y'),
        pending('A', 9, enq('z')),
      ]),
    ).toBe(true);
  });

  test('(b) y is dequeued although x was enqueued before it', () => {
    expect(
      judgeQueue([ran('A', 1, 2, enq('x'), null), ran('B', 3, 4, enq('y'), null), ran('A', 5, 6, deq, 'y')]),
    ).toMatch(/^no order explains A's .*-> y: after A's .*, B's .* it would be A's .*-> x$/);
  });

  test('(c) a pending enqueue has taken effect', () => {
    expect(judgeQueue([pending('A', 1, enq('x')), ran('B', 2, 3, deq, 'x')])).toBe(true);
  });

  test('(d) y is dequeued twice', () => {
    expect(
      judgeQueue([
        ran('A', 1, 3, enq('x'), null),
        ran('B', 2, 4, enq('y'), null),
        ran('A', 5, 7, deq, 'y'),
        ran('C', 6, 8, deq, 'y'),
      ]),
    ).toMatch(/^no order explains/);
  });
});

describe('MIT 6.824, quiz 2 of 2017, question VII', () => {
  test('reads during a write may see the old or the new value', () => {
    expect(judgeRegister([write('1', 0, 100, 100), read('2', 25, 75, 100), read('3', 30, 60, 0)])).toBe(true);
  });

  test('not the new one and then the old one', () => {
    expect(judgeRegister([write('1', 0, 100, 200), read('2', 10, 30, 200), read('3', 40, 90, 0)])).toBe(
      "no order explains 3's read -> 0: after 1's write 200, 2's read -> 200 it would be 3's read -> 200",
    );
  });
});

describe('Lecture on consensus, "Is this execution possible for an atomic register?"', () => {
  test('a read that overlaps a write returns the old value', () => {
    expect(judgeRegister([write('p', 1, 4, 5), read('q', 2, 3, 0)])).toBe(true);
  });

  test('a read that overlaps a write returns the new value', () => {
    expect(judgeRegister([write('p', 1, 4, 5), read('q', 2, 3, 5)])).toBe(true);
  });

  test('a read after a write returns the old value', () => {
    expect(judgeRegister([write('p', 1, 2, 5), read('q', 3, 4, 0)])).toMatch(/^no order explains q's read -> 0/);
  });

  test('the reads say in which order two concurrent writes took effect', () => {
    expect(judgeRegister([write('p', 1, 4, 5), write('q', 2, 5, 6), read('r', 6, 7, 5), read('s', 8, 9, 5)])).toBe(
      true,
    );
  });

  test('two reads contradict each other about that order', () => {
    expect(judgeRegister([write('p', 1, 4, 5), write('q', 2, 5, 6), read('r', 6, 7, 5), read('s', 8, 9, 6)])).toMatch(
      /^no order explains/,
    );
  });
});

describe('pending operations', () => {
  const pendingWrite: RegisterOperation = pending('p', 1, { type: 'write', value: 5 });

  test('may have taken effect, even late', () => {
    expect(judgeRegister([pendingWrite, read('q', 2, 3, 0), read('q', 4, 5, 5)])).toBe(true);
  });

  test('may never take effect', () => {
    expect(linearize(register(0), realTime([pendingWrite, read('q', 2, 3, 0)]))).toEqual({
      linearizable: true,
      order: [{ client: 'q', op: { type: 'read' }, result: 0 }],
    });
  });

  test('take effect once at most', () => {
    const others = [write('q', 2, 3, 6), read('r', 2, 3, 5), read('r', 4, 5, 6), read('r', 6, 7, 5)];
    expect(judgeRegister([pendingWrite, ...others])).toMatch(/^no order explains/);
  });

  test('are not spent on what can be explained without them', () => {
    // The first read can see the pending write or r's; the second one needs the pending write.
    const late: RegisterOperation = pending('p', 7, { type: 'write', value: 2 });
    const writes = [write('p', 2, 6, 1), write('r', 0, 1, 2), write('q', 10, 15, 1)];
    expect(judgeRegister([late, ...writes, read('q', 3, 7, 2), read('q', 17, 21, 2)])).toBe(true);
  });

  test('not before they are invoked', () => {
    const late: RegisterOperation = pending('p', 4, { type: 'write', value: 5 });
    expect(judgeRegister([late, read('q', 1, 3, 5)])).toMatch(
      /^no order explains q's read -> 5: as the first operation/,
    );
  });

  test('a client may give up on one and go on; both orders are possible', () => {
    expect(judgeRegister([pendingWrite, write('p', 2, 3, 6), read('q', 4, 5, 6), read('q', 6, 7, 5)])).toBe(true);
    expect(judgeRegister([pendingWrite, write('p', 2, 3, 6), read('q', 2, 3, 5), read('q', 6, 7, 6)])).toBe(true);
  });
});

describe('real time', () => {
  test('equal times order nothing between clients', () => {
    expect(judgeRegister([write('p', 1, 2, 5), read('q', 2, 2, 0)])).toBe(true);
  });

  test('but a client keeps its own order', () => {
    expect(judgeRegister([write('p', 1, 1, 5), read('p', 1, 1, 0)])).toMatch(/^no order explains/);
  });

  test('an operation cannot return before its invocation', () => {
    expect(() => realTime([write('p', 2, 1, 5)])).toThrow(
      'an operation of p returned at 1, before it was invoked at 2',
    );
  });

  test('the operations need not be listed in their order', () => {
    expect(judgeRegister([read('q', 3, 4, 5), write('p', 1, 2, 5)])).toBe(true);
  });
});

test('the order found is explained by the specification, operation by operation', () => {
  const outcome = linearize(register(0), realTime([write('p', 1, 4, 5), write('q', 2, 5, 6), read('r', 6, 7, 5)]));
  expect(outcome.linearizable && outcome.order.map(({ client, result }) => [client, result])).toEqual([
    ['q', null],
    ['p', null],
    ['r', 5],
  ]);
});

test('a failure shows the longest prefix, and what would have been right', () => {
  const outcome = linearize(register(0), realTime([write('p', 1, 2, 5), read('q', 3, 4, 5), read('q', 5, 6, 7)]));
  expect(outcome).toEqual({
    linearizable: false,
    prefix: [
      { client: 'p', op: { type: 'write', value: 5 }, result: null },
      { client: 'q', op: { type: 'read' }, result: 5 },
    ],
    misplaced: [{ client: 'q', op: { type: 'read' }, result: 7, expected: 5 }],
  });
});

test('a long prefix is shortened in the sentence', () => {
  const writes = Array.from({ length: 6 }, (_, at) => write('p', 2 * at, 2 * at + 1, at));
  expect(judgeRegister([...writes, read('q', 100, 101, 9)])).toBe(
    "no order explains q's read -> 9: after 2 operations, p's write 2, p's write 3, p's write 4, p's write 5 it would be q's read -> 5",
  );
});

test('operations that wait for each other are in no order at all', () => {
  const waitsFor = (sequence: number) => [{ op: deq, result: null, after: [{ sequence, count: 1 }] }];
  const cycle = [
    { client: 'A', completed: waitsFor(1), pending: null },
    { client: 'B', completed: waitsFor(0), pending: null },
  ];
  expect(linearizable(queue, cycle)).toBe(
    'nothing can come next as the first operation: the operations wait for each other',
  );
});

describe('against the definition, executed', () => {
  const registerHistories = histories<RegisterOp<number>, RegisterResult<number>>(
    fc.constantFrom({ type: 'read' }, { type: 'write', value: 1 }, { type: 'write', value: 2 }),
    (op, drawn) => (op.type === 'read' ? drawn : null),
  );
  const queueHistories = histories<QueueOp, string | null>(fc.constantFrom(enq('x'), enq('y'), deq), (op, drawn) =>
    op.type === 'deq' ? (['x', 'y'][drawn] ?? null) : null,
  );

  test('register', () => {
    expect(compared(register(0), registerHistories)).toEqual({ bothVerdicts: true });
  });

  test('queue', () => {
    expect(compared(queue, queueHistories)).toEqual({ bothVerdicts: true });
  });
});

/** Short histories of three sequential clients with few values, so that they are right and wrong about as often. */
function histories<Op, Result>(ops: fc.Arbitrary<Op>, resultOf: (op: Op, drawn: number) => Result) {
  const draw = fc.record({
    client: fc.nat({ max: 2 }),
    gap: fc.nat({ max: 3 }),
    length: fc.nat({ max: 6 }),
    op: ops,
    result: fc.nat({ max: 2 }),
    isPending: fc.nat({ max: 4 }).map((dice) => dice === 0),
  });
  return fc.array(draw, { maxLength: 7 }).map((drawn) => {
    const free = [0, 0, 0];
    const history: Recorded<Op, Result>[] = [];
    for (const { client, gap, length, op, result, isPending } of drawn) {
      const from = (free[client] ?? 0) + gap;
      if (from === Number.POSITIVE_INFINITY) continue;
      const to = from + length;
      const name = `c${client}`;
      history.push(isPending ? pending(name, from, op) : ran(name, from, to, op, resultOf(op, result)));
      free[client] = isPending ? Number.POSITIVE_INFINITY : to + 1;
    }
    return history;
  });
}

/** Compares the checker, on both forms of a history, with the definition; and an order that it finds with both. */
function compared<State, Op, Result>(
  specification: SequentialSpecification<State, Op, Result>,
  generated: fc.Arbitrary<Recorded<Op, Result>[]>,
): { bothVerdicts: boolean } {
  const verdicts = { true: 0, false: 0 };
  const compare = (recorded: readonly Recorded<Op, Result>[]) => {
    const expected = naivelyLinearizable(specification, recorded);
    verdicts[`${expected}`]++;
    for (const history of [realTime(recorded), clientOrder(observed(recorded))]) {
      const outcome = linearize(specification, history);
      expect(outcome.linearizable).toBe(expected);
      if (!outcome.linearizable) continue;
      const oneByOne = outcome.order.map(({ client, op, result }, at) => ran(client, at, at, op, result));
      expect(naivelyLinearizable(specification, oneByOne)).toBe(true);
    }
  };
  fc.assert(fc.property(generated, compare), { numRuns: 2000 });
  return { bothVerdicts: Math.min(verdicts.true, verdicts.false) > 400 };
}

/** What the clients of a recorded run have seen: its invocations and returns, told in order. */
function observed<Op, Result>(recorded: readonly Recorded<Op, Result>[]): ClientOrder<Op, Result> {
  type Clients = ClientOrder<Op, Result>;
  const events = recorded.flatMap((operation) => {
    const { client, op, invokedAt } = operation;
    const invocation = { at: invokedAt, step: (clients: Clients) => invoke(clients, client, op) };
    if (operation.returnedAt === null) return [invocation];
    const { returnedAt, result } = operation;
    // Half a tick later: what ends at the tick at which something else begins does not precede it.
    return [invocation, { at: returnedAt + 0.5, step: (clients: Clients) => complete(clients, client, result) }];
  });
  return events.sort((a, b) => a.at - b.at).reduce<Clients>((clients, { step }) => step(clients), {});
}

describe('thousands of operations', () => {
  const SIZE = 5000;
  const CLIENTS = 8;

  /** A run of a real register: each operation takes effect at a random moment between its invocation and its return. */
  function recordedRun(overlap: number, lost: number): RegisterOperation[] {
    const random = sequenceOfRandoms(7);
    let value = 0;
    const drawn = Array.from({ length: SIZE }, (_, at) => {
      const invokedAt = Math.floor(at / CLIENTS) * 10 + random() * 10;
      const returnedAt = invokedAt + random() * 10 * overlap;
      const effectAt = invokedAt + random() * (returnedAt - invokedAt);
      return {
        at,
        client: `c${at % CLIENTS}`,
        invokedAt,
        returnedAt,
        effectAt,
        writes: random() < 0.5,
        lost: random() < lost,
      };
    });
    return drawn
      .sort((a, b) => a.effectAt - b.effectAt)
      .map(({ at, client, invokedAt, returnedAt, writes, lost: isLost }) => {
        if (writes) value = at;
        const op: RegisterOp<number> = writes ? { type: 'write', value: at } : { type: 'read' };
        if (isLost) return pending(client, invokedAt, op);
        return ran<RegisterOp<number>, number | null>(client, invokedAt, returnedAt, op, writes ? null : value);
      });
  }

  /** The last read that returned now returns what was never written. */
  function spoilt(history: readonly RegisterOperation[]): RegisterOperation[] {
    const last = history.findLastIndex(({ op, returnedAt }) => op.type === 'read' && returnedAt !== null);
    return history.map((operation, at) =>
      at === last ? { ...operation, result: -1 } : operation,
    ) as RegisterOperation[];
  }

  for (const [name, overlap, lost] of [
    ['mostly sequential', 0.2, 0],
    ['all clients at once', 1, 0],
    ['one operation in a hundred without an answer', 0.2, 0.01],
  ] as const) {
    test(`${name}: linearizable, and not when the last read is wrong`, () => {
      const history = recordedRun(overlap, lost);
      expect(judgeRegister(history)).toBe(true);
      expect(judgeRegister(spoilt(history))).toMatch(/read -> -1/);
    });
  }
});

/** Park and Miller's generator: the same numbers on every run. */
function sequenceOfRandoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
