/** The quick look at a recorded step against its schema: they accept the same. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isStep } from '../../../model/contract/recorded-step.ts';
import { stepSchema } from '../../../model/contract/recording.ts';

const message = { type: 'Promise', votes: [1, { from: 'n1' }] };
const events = [
  { type: 'start' },
  { type: 'recover' },
  { type: 'receive', from: 'n2', message },
  { type: 'timeout', timer: 'retry' },
  { type: 'request', client: 'c1', request: { type: 'propose', value: 'a' } },
  { type: 'linkDown', peer: 'n2' },
  { type: 'linkUp', peer: 'n3' },
];
const effects = [
  { type: 'send', to: 'n2', message },
  { type: 'setTimer', timer: 'retry' },
  { type: 'cancelTimer', timer: 'retry' },
  { type: 'respond', client: 'c1', response: { type: 'decided', value: null } },
  { type: 'indicate', indication: { type: 'decide', value: 'a' } },
];
const steps = events.map((event, index) => ({
  step: index + 1,
  event,
  ...(index % 2 === 0 ? {} : { cause: { from: 'n2', incarnation: 1, step: 7, index: 0 }, session: 's1' }),
  effects,
  ...(index % 3 === 0
    ? {}
    : {
        durable: [
          { op: 'add', path: ['log', 0], value: {} },
          { op: 'remove', path: ['a'] },
        ],
      }),
  at: 1001.5,
}));

/** Somewhere in the step, something else: another value, one field less, one more. */
const change = fc.record({
  walk: fc.array(fc.nat(7), { maxLength: 4 }),
  does: fc.constantFrom('replace', 'remove', 'add'),
  name: fc.constantFrom('type', 'step', 'colour', 'value', 'cause', 'session', 'timer', 'peer'),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom<unknown>(0, -1, 1.5, 2 ** 53, Number.POSITIVE_INFINITY, '', 'send', 'start', 'linkUp', 'add', []),
  ),
});

type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

function changed(given: object, { walk, does, name, value }: Change): object {
  const copy = structuredClone(given);
  let at: object = copy;
  let key = 'step';
  for (const index of walk) {
    const keys = Object.keys(at);
    key = keys[index % Math.max(1, keys.length)] ?? key;
    const next: unknown = Reflect.get(at, key);
    if (typeof next !== 'object' || next === null) break;
    at = next;
  }
  if (does === 'add') Reflect.set(at, name, value);
  else if (does === 'remove') Reflect.deleteProperty(at, key);
  else Reflect.set(at, key, value);
  return copy;
}

test('what the quick look accepts and refuses, the schema does', () => {
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...steps), fc.array(change, { maxLength: 2 }), (given, changes) => {
      const json = JSON.parse(JSON.stringify(changes.reduce<object>(changed, given))) as object;
      const isRight = stepSchema.safeParse(json).success;
      expect(isStep(json)).toBe(isRight);
      seen[isRight ? 'right' : 'wrong'] += 1;
    }),
    { numRuns: 5000 },
  );
  expect(seen.right).toBeGreaterThan(500);
  expect(seen.wrong).toBeGreaterThan(500);
});
