/** Names of sequences: the same exactly when the sequences are. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY, PrefixNames } from '../../../model/kernels/prefix-names.ts';

test('two sequences have the same name exactly when they are equal', () => {
  const item = fc.constantFrom('a', 'b', 'c', '1 a');
  fc.assert(
    fc.property(fc.array(fc.array(item, { maxLength: 5 }), { maxLength: 20 }), (sequences) => {
      const names = new PrefixNames<string>();
      const named = new Map<string, number>();
      for (const sequence of sequences) {
        const name = sequence.reduce((prefix, next) => names.of(prefix, next), EMPTY);
        const text = JSON.stringify(sequence);
        expect(named.get(text) ?? name).toBe(name);
        named.set(text, name);
      }
      expect(new Set(named.values()).size).toBe(named.size);
    }),
  );
});
