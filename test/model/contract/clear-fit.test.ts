/** The quick look at a value against the schema that it is made of. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { clearlyFits } from '../../../model/contract/clear-fit.ts';
import { difference, patched } from '../../../model/contract/patches.ts';
import { stateMachines } from '../../../model/kernels/state-machine.ts';
import { messages, responses } from '../../../model/raft/state.ts';

const machine = stateMachines['key-value'];
const variants = (shapes: Readonly<Record<string, z.ZodRawShape>>): z.ZodType =>
  z.union(Object.entries(shapes).map(([type, fields]) => z.strictObject({ type: z.literal(type), ...fields })));
const raft = variants({ ...messages(machine), ...responses(machine) });

const put = { type: 'put', key: 'x', value: '1' };
const swap = { type: 'compare-and-set', key: 'x', expected: null, value: '1' };
const entries = [put, swap].map((op, at) => ({ term: 1, command: { client: 'c1', seq: at + 1, op } }));
const sound: object[] = [
  { type: 'AppendEntries', term: 2, prevIndex: 0, prevTerm: 0, entries, leaderCommit: 0 },
  { type: 'AppendEntries', term: 2, prevIndex: 7, prevTerm: 2, entries: [{ term: 2, command: null }], leaderCommit: 7 },
  { type: 'Appended', term: 2, success: false, index: null },
  { type: 'Vote', term: 2, granted: true },
  { type: 'executed', seq: 1, result: null },
  { type: 'executed', seq: 1, result: false },
];

/** Every place in a value, as a path. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const parts = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...parts.flatMap(([part, item]) => places(item, [...path, part]))];
}

describe('a quick look', () => {
  test.each(sound)('sees that %o fits', (message) => {
    expect(clearlyFits(raft, message)).toBe(true);
  });

  test('takes nothing that the schema does not take as it is', () => {
    const harm = fc.oneof(
      fc.record({ op: fc.constant('replace' as const), value: fc.anything() }),
      fc.record({ op: fc.constant('replace' as const), value: fc.constantFrom(0, -1, 0.5, 2 ** 53, '', null, [], {}) }),
      fc.record({ op: fc.constant('add' as const), value: fc.constantFrom(undefined, 1, 'put') }),
    );
    const harmed = fc
      .constantFrom(...sound)
      .chain((message) =>
        fc.record({ message: fc.constant(message), path: fc.constantFrom(...places(message)), harm }),
      );
    fc.assert(
      fc.property(harmed, ({ message, path, harm: { op, value } }) => {
        const target = op === 'add' ? [...path, 'more'] : path;
        let changed: unknown;
        try {
          changed = patched(message, [{ op, path: target, value }]);
        } catch {
          // Nothing can be added there.
          return;
        }
        if (!clearlyFits(raft, changed)) return;
        const parsed = raft.safeParse(changed);
        expect(parsed.success).toBe(true);
        expect(difference(changed, parsed.data)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['a default', z.strictObject({ a: z.int().default(1) }), { a: 1 }],
    ['a change of what is given', z.string().trim(), 'a'],
    ['a bound that is not known', z.int().max(3), 1],
    ['a format', z.email(), 'a@b.org'],
  ])('leaves to the schema what has %s', (_what, schema, value) => {
    expect(schema.safeParse(value).success).toBe(true);
    expect(clearlyFits(schema, value)).toBe(false);
  });

  test('an object of a class is not plain', () => {
    class Vote {
      readonly type = 'Vote';
      readonly term = 1;
      readonly granted = true;
    }
    expect(raft.safeParse(new Vote()).success).toBe(true);
    expect(clearlyFits(raft, new Vote())).toBe(false);
  });
});
