/** What is foreseen to be disabled is disabled, and a step that is watched for its reads is the step that it would be. */

import { types } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../explorer/check.ts';
import { GuardMemo } from '../../explorer/engine/guard-memo.ts';
import { canonical } from '../../model/contract/data.ts';
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
    { numRuns: 500, seed: 20261121 },
  );
  // A comparison of nothing would prove nothing.
  expect(seen.foreseen).toBeGreaterThan(3000);
  expect(seen.disabled).toBeGreaterThan(seen.foreseen + 3000);
  expect(seen.enabled).toBeGreaterThan(3000);
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
