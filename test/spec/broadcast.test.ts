import { describe, expect, test } from 'vitest';
import {
  gapFree,
  globalLeaderOrder,
  localLeaderOrder,
  noCreation,
  noDuplication,
  prefixAgreement,
  primaryIntegrity,
  totalOrder,
} from '../../spec/broadcast.ts';

describe('total order (Eurecom, "Atomic Broadcast (safety)")', () => {
  test('holds while the delivered sequences are consistent, however far each process is', () => {
    expect(totalOrder({})).toBe(true);
    expect(totalOrder({ n1: ['a', 'b', 'c'], n2: ['a', 'b'], n3: [] })).toBe(true);
  });

  test('two processes deliver two messages in opposite orders', () => {
    expect(totalOrder({ n1: ['a', 'b'], n2: ['b', 'a'] })).toBe('n1 delivered a before b, n2 delivered b before a');
  });

  test('a process has delivered a message without one that another delivers before it', () => {
    expect(totalOrder({ n1: ['b'], n2: ['a', 'b'] })).toBe('n1 delivered b without a, n2 delivered a before b');
    expect(totalOrder({ n1: ['a', 'b'], n2: ['b'] })).toBe('n2 delivered b without a, n1 delivered a before b');
  });

  test('is silent on processes that deliver different messages: that is agreement', () => {
    expect(totalOrder({ n1: ['a'], n2: ['b'] })).toBe(true);
    expect(prefixAgreement({ n1: ['a'], n2: ['b'] })).toBe('delivery 1 is a at n1, b at n2');
  });

  test('a message counts where it was first delivered', () => {
    expect(totalOrder({ n1: ['a', 'b', 'a', 'b'], n2: ['a', 'b'] })).toBe(true);
  });
});

describe('agreement (Zab)', () => {
  test('one is a prefix of the other', () => {
    expect(prefixAgreement({ n1: ['a', 'b'], n2: ['a'], n3: [] })).toBe(true);
    expect(prefixAgreement({ n1: ['a', 'b'], n2: ['a', 'c'] })).toBe('delivery 2 is b at n1, c at n2');
  });

  test('looks at every pair', () => {
    expect(prefixAgreement({ n1: [], n2: ['a'], n3: ['b'] })).toBe('delivery 1 is a at n2, b at n3');
  });

  test('compares messages of any kind', () => {
    expect(prefixAgreement({ n1: [{ slot: 1, value: 'a' }], n2: [{ value: 'a', slot: 1 }] })).toBe(true);
  });
});

describe('integrity, no creation', () => {
  test('only what was broadcast is delivered', () => {
    expect(noCreation({ n1: ['a'], n2: [] }, ['a', 'b'])).toBe(true);
    expect(noCreation({ n1: ['a', 'c'] }, ['a', 'b'])).toBe('n1 delivered c, which nobody broadcast');
  });
});

describe('no duplication', () => {
  test('each message once at each process', () => {
    expect(noDuplication({ n1: ['a', 'b'], n2: ['a'] })).toBe(true);
    expect(noDuplication({ n1: ['a', 'b', 'a'] })).toBe('n1 delivered a twice');
  });
});

describe('gap-free delivery', () => {
  test('from 1, by one', () => {
    expect(gapFree({ n1: [1, 2, 3], n2: [] })).toBe(true);
    expect(gapFree({ n1: [2] })).toBe('delivery 1 of n1 is number 2');
    expect(gapFree({ n1: [1], n2: [1, 3] })).toBe('delivery 2 of n2 is number 3');
  });
});

/** The lecture's run: A and B of epoch 1, C of epoch 2. */
const run = [
  { epoch: 1, leader: 'n1', messages: ['A', 'B'] },
  { epoch: 2, leader: 'n2', messages: ['C'] },
];

describe('local leader order (Eurecom, "Leader order")', () => {
  test('what the leader broadcast first is delivered first', () => {
    expect(localLeaderOrder({ n1: ['A', 'B'], n2: ['A'], n3: ['C', 'A'] }, run)).toBe(true);
  });

  test('the second without the first', () => {
    expect(localLeaderOrder({ n3: ['C', 'B'] }, run)).toBe(
      'n1 broadcast A before B in epoch 1, n3 delivered B without A before it',
    );
  });

  test('the second before the first', () => {
    expect(localLeaderOrder({ n3: ['B', 'A'] }, run)).not.toBe(true);
  });
});

describe('global leader order (Eurecom, "Leader order")', () => {
  test('epochs in order; a message that is not delivered breaks nothing', () => {
    expect(globalLeaderOrder({ n1: ['A', 'C'], n2: ['C'], n3: ['A', 'B'] }, run)).toBe(true);
  });

  test('a message of a later epoch first', () => {
    expect(globalLeaderOrder({ n3: ['C', 'B'] }, run)).toBe('n3 delivered C of epoch 2 before B of epoch 1');
  });

  test('says nothing within an epoch', () => {
    expect(globalLeaderOrder({ n3: ['B', 'A'] }, run)).toBe(true);
  });
});

describe('primary integrity (Zab)', () => {
  const started = (deliveredBefore: readonly string[]) => [
    { epoch: 1, leader: 'n1', messages: ['A', 'B'], deliveredBefore: [] },
    { epoch: 2, leader: 'n2', messages: ['C'], deliveredBefore },
  ];

  test('the leader had delivered what is ever delivered of earlier epochs', () => {
    expect(primaryIntegrity({ n1: ['A'], n2: ['A', 'C'] }, started(['A']))).toBe(true);
    expect(primaryIntegrity({ n1: [], n2: ['C'] }, started([]))).toBe(true);
  });

  test('the leader had not', () => {
    expect(primaryIntegrity({ n1: ['A', 'B'] }, started(['A']))).toBe(
      'n2 broadcast C in epoch 2 without having delivered B of an earlier epoch, which n1 delivered',
    );
  });

  test('a leader that has broadcast nothing owes nothing', () => {
    expect(
      primaryIntegrity({ n1: ['A'] }, [
        { epoch: 2, leader: 'n2', messages: [], deliveredBefore: [] },
        ...started([]).slice(0, 1),
      ]),
    ).toBe(true);
  });
});
