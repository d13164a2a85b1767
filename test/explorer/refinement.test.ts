/** Refinements, checked in both explorers. */

import { describe, expect, test } from 'vitest';
import { type CheckOptions, check } from '../../explorer/check.ts';
import { always, refines, transitionSystem } from '../../model/contract/index.ts';
import type { System } from '../../model/contract/system.ts';
import { paxosMessageSetSystem } from '../../model/paxos-message-set/paxos-message-set.ts';
import { paxosRegisterSystem } from '../../model/paxos-register/system.ts';
import { raftSystem } from '../../model/raft/system.ts';
import { consensus } from '../../spec/consensus.ts';

interface Choice {
  readonly chosen: readonly string[];
}

const explorers: readonly NonNullable<CheckOptions['explorer']>[] = ['engine', 'naive'];

describe.each(explorers)('with the %s explorer', (explorer) => {
  test('what is read off the last votes alone is no consensus, though no state shows it', async () => {
    const options = { mutant: 'last-votes-only', explorer };
    const found = await check(paxosMessageSetSystem, options);
    const refinement = found.properties.find(({ name }) => name === 'refines consensus');
    expect(refinement).toMatchObject({ verdict: 'violated' });
    expect(refinement?.explanation).toMatch(/^chosen was v\d, and is now nothing$/);
    expect(refinement?.trace?.events).toHaveLength(11);
    const others = ['agreement', 'VotesSafe', 'one value per ballot', 'a chosen value stays chosen'];
    expect((await check(paxosMessageSetSystem, { ...options, properties: others })).verdict).toBe('holds');
  });

  test('a run that begins with a value chosen is violated at once', async () => {
    const biased = transitionSystem({
      name: 'biased',
      summary: 'Begins with nothing chosen, or with a.',
      initial: () => [{ chosen: [] }, { chosen: ['a'] }],
      next: ({ chosen }: Choice) => (chosen.length > 0 ? [] : [['choose', { chosen: ['a'] }]]),
      properties: [
        always('at most one', ({ chosen }: Choice) => chosen.length < 2),
        refines(consensus, ({ chosen }: Choice) => new Set(chosen)),
      ],
    });
    const { verdict, properties, counterexample } = await check(biased, { explorer });
    expect(verdict).toBe('violated');
    expect(properties[1]).toMatchObject({ verdict: 'violated', explanation: 'consensus does not begin with this' });
    expect(counterexample).toMatchObject({ initial: 1, events: [] });
  });
});

/** The names of the properties of an instance, but for one. */
function others(system: System, mutant: string, refinement: string): string[] {
  const { properties } = system.build({}, mutant);
  return properties.flatMap(({ kind, name }) => (name === refinement || kind === 'sometimes' ? [] : [name]));
}

test.each<[string, System, string, string, string]>([
  [
    'a server applies only the last of several entries that are committed at once',
    raftSystem,
    'apply-last',
    'refines sequence consensus',
    // Of equally short runs any may be shown.
    expect.stringMatching(/^c[12]\.1 is decided in place 2, and nothing in place 1$/),
  ],
  [
    'a write is acknowledged before any server knows that it is decided',
    paxosRegisterSystem,
    'early-acknowledgement',
    'refines an atomic register',
    expect.stringMatching(/^c[12]'s write [AB] leaves null, and not [AB]$/),
  ],
])('%s: that breaks the refinement and nothing else', async (_, system, mutant, refinement, explanation) => {
  const { properties } = await check(system, { mutant });
  expect(properties.find(({ name }) => name === refinement)).toMatchObject({ verdict: 'violated', explanation });
  const { verdict } = await check(system, { mutant, properties: others(system, mutant, refinement) });
  expect(verdict).toBe('holds');
});
