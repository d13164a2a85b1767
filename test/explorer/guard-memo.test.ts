/** What is foreseen to be disabled is disabled, and a step that is watched for its reads is the step that it would be. */

import { types } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../explorer/check.ts';
import { GuardMemo } from '../../explorer/engine/guard-memo.ts';
import { canonical } from '../../model/contract/data.ts';
import { freeze, original } from '../../model/contract/draft.ts';
import { ModelError, protocol, type System, system } from '../../model/contract/index.ts';
import { born, type LocalState, type ProcessEvent, step } from '../../model/contract/step.ts';
import { paxosRegisterSystem } from '../../model/paxos-register/system.ts';
import { guardedProtocol, KINDS, NUMBERS, programs } from './random-guards.ts';

const identity = { self: 'n1', processes: ['n1', 'n2'], peers: ['n2'] };

const poke = fc.record({ kind: fc.constantFrom(...KINDS), n: fc.nat(NUMBERS - 1) });

/** Whether nothing in a value is a proxy, and nothing can be changed. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (types.isProxy(value) || !Object.isFrozen(value)) return false;
  if (value instanceof Map) return [...value].flat().every(isPlain);
  return (value instanceof Set ? [...value] : Object.values(value)).every(isPlain);
}

test('random handlers, over states of all kinds of plain data', () => {
  const seen = { foreseen: 0, disabled: 0, enabled: 0 };
  fc.assert(
    fc.property(programs, fc.array(poke, { minLength: 60, maxLength: 60 }), (programs, pokes) => {
      const guarded = guardedProtocol(programs);
      const memo = new GuardMemo(guarded, identity);
      let local: LocalState = born(guarded, identity);
      const events = new Map<string, number>();
      for (const { kind, n } of pokes) {
        const id = events.get(kind + n) ?? events.size;
        events.set(kind + n, id);
        const event: ProcessEvent = { type: 'receive', from: 'n2', message: { type: kind, n } as { type: string } };
        const plain = step(guarded, identity, local, event);
        const isDisabled = canonical(plain.local) === canonical(local) && plain.effects.length === 0;
        seen[isDisabled ? 'disabled' : 'enabled']++;
        if (memo.isDisabled(id, local.state)) {
          expect(isDisabled).toBe(true);
          seen.foreseen++;
        } else {
          const watched = memo.step(id, local, event);
          expect(canonical(watched)).toBe(canonical(plain));
          expect(
            isPlain(watched.local.state) &&
              watched.effects.every((effect) => !('message' in effect) || isPlain(effect.message)),
          ).toBe(true);
          local = watched.local;
        }
      }
    }),
    { numRuns: 500 },
  );
  // A comparison of nothing would prove nothing.
  expect(seen.foreseen).toBeGreaterThan(3000);
  expect(seen.disabled).toBeGreaterThan(seen.foreseen + 3000);
  expect(seen.enabled).toBeGreaterThan(3000);
});

describe('a reason', () => {
  type Any = Record<string, unknown>;
  const has = (value: unknown, key: string) => typeof value === 'object' && value !== null && key in value;

  /** What a handler that goes on only if `guard` holds makes of two states, in the second of which it may be foreseen. */
  function foreseen(guard: (state: Any) => unknown, first: Any, second: Any): boolean {
    const toy = protocol({
      name: 'toy',
      version: 1,
      messages: { poke: {} },
      init: (): Any => ({}),
      receive: {
        poke(state) {
          if (guard(state)) state.done = true;
        },
      },
    });
    const memo = new GuardMemo(toy, identity);
    const event = { type: 'receive', from: 'n2', message: { type: 'poke' } } as const;
    memo.step(1, { state: freeze(first, true), timers: [] }, event);
    expect(memo.isDisabled(1, first)).toBe(true);
    return memo.isDisabled(1, freeze(second, true));
  }

  test.each<[string, (state: Any) => unknown, Any, Any]>([
    ['a field that was not read', ({ a }) => a, { a: false, b: 1 }, { a: false, b: 2 }],
    ['a field that is new', ({ a }) => a, { a: false }, { a: false, b: 2 }],
    ['what is nested and was not looked into', ({ a }) => a === 1, { a: { b: 1 } }, { a: { b: 2 } }],
    ['items behind the one that was read', ({ a }) => (a as number[])[0], { a: [0, 1] }, { a: [0, 2] }],
  ])('does not depend on %s', (_, guard, first, second) => {
    expect(foreseen(guard, first, second)).toBe(true);
  });

  test.each<[string, (state: Any) => unknown, Any, Any]>([
    ['a value', ({ a }) => a, { a: 0 }, { a: 1 }],
    ['the type of a value', ({ a }) => a === 1, { a: '1' }, { a: 1 }],
    ['the sign of nothing', ({ a }) => Object.is(a, -0), { a: 0 }, { a: -0 }],
    ['whether there is a field', (state) => 'a' in state, {}, { a: null }],
    ['whether there is a field of one that has it', (state) => Object.hasOwn(state, 'a'), {}, { a: null }],
    ['null or an object', ({ a }) => a !== null, { a: null }, { a: {} }],
    ['an array or an object', ({ a }) => Array.isArray(a), { a: {} }, { a: [] }],
    ['an object with or without a prototype', ({ a }) => !has(a, 'toString'), { a: {} }, { a: Object.create(null) }],
    ['a Set or an object', ({ a }) => a instanceof Set, { a: {} }, { a: new Set() }],
    ['the order of keys', (state) => Object.keys(state)[0] === 'b', { a: 1, b: 2 }, { b: 2, a: 1 }],
    [
      'the order of members',
      ({ a }) => [...(a as Set<number>)][0] === 2,
      { a: new Set([1, 2]) },
      { a: new Set([2, 1]) },
    ],
    ['the keys of a nested object', ({ a }) => Object.keys(a as object).length, { a: {} }, { a: { b: 1 } }],
    [
      'a deep value',
      ({ a }) => (a as { b: { c: number }[] }).b[0]?.c,
      { a: { b: [{ c: 0 }] } },
      { a: { b: [{ c: 1 }] } },
    ],
    ['the length of an array', ({ a }) => (a as number[]).length > 1, { a: [1] }, { a: [1, 2] }],
    ['a member of a Set', ({ a }) => (a as Set<number>).has(1), { a: new Set([2]) }, { a: new Set([1]) }],
    [
      'an object in a Map',
      ({ a }) => (a as Map<string, { b: number }>).get('x')?.b,
      { a: new Map([['x', { b: 0 }]]) },
      { a: new Map([['x', { b: 1 }]]) },
    ],
    ['a text', (state) => JSON.stringify(state) !== '{"a":{"b":0}}', { a: { b: 0 } }, { a: { b: 1 } }],
    [
      'a key of an awkward name',
      ({ a }) => Reflect.get(a as object, '__proto__') === 1,
      { a: JSON.parse('{"__proto__":0}') },
      { a: JSON.parse('{"__proto__":1}') },
    ],
    [
      'keys that could be taken for one path',
      ({ a }) => (a as Any)['b.c'],
      { a: { 'b.c': 0, b: { c: 0 } } },
      { a: { 'b.c': 1, b: { c: 0 } } },
    ],
  ])('depends on %s', (_, guard, first, second) => {
    expect(foreseen(guard, first, second)).toBe(false);
  });

  test('is not that the state was so already', () => {
    const toy = protocol({
      name: 'toy',
      version: 1,
      messages: { set: {}, arm: {} },
      timers: ['tick'],
      init: () => ({ a: { b: 1 } }),
      receive: {
        set(state) {
          state.a = { b: 1 };
        },
        arm(_state, _message, { setTimer }) {
          setTimer('tick');
        },
      },
      timeout: { tick: () => undefined },
    });
    const memo = new GuardMemo(toy, identity);
    const local = { state: freeze({ a: { b: 1 } }, true), timers: ['tick'] };
    for (const [id, type] of ['set', 'arm'].entries()) {
      const { local: after } = memo.step(id, local, { type: 'receive', from: 'n2', message: { type } });
      expect(canonical(after)).toBe(canonical(local));
      expect(memo.isDisabled(id, local.state)).toBe(false);
    }
  });

  test('is not taken from a handler that reads what it likes', () => {
    const toy = protocol({
      name: 'toy',
      version: 1,
      messages: { poke: {} },
      init: () => ({ a: 0, b: 0 }),
      receive: {
        poke(state) {
          if (Math.random() < 0.5 ? state.a : state.b) state.a = 2;
        },
      },
    });
    const memo = new GuardMemo(toy, identity);
    const local = { state: freeze({ a: 0, b: 0 }, true), timers: [] };
    for (let times = 0; times < 100; times++) {
      memo.step(1, local, { type: 'receive', from: 'n2', message: { type: 'poke' } });
    }
    expect(memo.isDisabled(1, local.state)).toBe(false);
  });

  test('a handler that the recorded state makes fail is run on the state itself', () => {
    const toy = protocol({
      name: 'toy',
      version: 1,
      messages: { poke: {} },
      init: () => ({ a: { b: 0 } }),
      receive: {
        poke: (state) => {
          if (structuredClone(original(state))?.a.b === 1) throw new Error('never');
        },
      },
    });
    const memo = new GuardMemo(toy, identity);
    const local = { state: freeze({ a: { b: 0 } }, true), timers: [] };
    const outcome = memo.step(1, local, { type: 'receive', from: 'n2', message: { type: 'poke' } });
    expect(outcome).toEqual({ local, effects: [] });
    expect(memo.isDisabled(1, local.state)).toBe(false);
  });
});

describe('a guard outside the state', () => {
  /** The guard of `knock` is not in the state: an `open` lets it through. */
  function porter(paranoid: boolean): Promise<unknown> {
    let isOpen = false;
    const door = protocol({
      name: 'door',
      version: 1,
      messages: {},
      requests: { open: {}, wait: {}, knock: {} },
      init: () => ({ waited: 0, entered: false }),
      receive: {},
      request: {
        open: () => {
          isOpen = true;
        },
        wait: (state) => {
          state.waited++;
        },
        knock: (state) => {
          if (isOpen) state.entered = true;
        },
      },
    });
    const requests = ['knock', 'wait', 'open'].map((type) => ({ to: 'n1', request: { type } }));
    isOpen = false;
    const toy: System = system({
      name: 'toy',
      summary: 'a toy',
      build: () => ({
        processes: [{ id: 'n1', protocol: door }],
        network: 'bag' as const,
        environment: { requests },
        view: (state: { entered: boolean }) => state,
        properties: [],
      }),
    });
    return check(toy, { paranoid });
  }

  test.each([true, false])('is found out when what was foreseen is tried (paranoid: %s)', async (paranoid) => {
    await expect(porter(paranoid)).rejects.toThrow(ModelError);
    await expect(porter(paranoid)).rejects.toThrow(/handler request.knock of n1 is not a function of its arguments/);
  });
});

test('fewer than 2 of 100 transitions of a small system call a handler, repetitions included', async () => {
  const { handlerCalls, generated } = await check(paxosRegisterSystem, { parameters: { clients: 2 } });
  expect((handlerCalls?.memoised ?? 0) + (handlerCalls?.repeated ?? 0)).toBeLessThan(generated / 50);
});
