/**
 * Counts that other checkers report of the same models. What our runs give is pinned in the manifests and repeated by
 * test/manifest; here the pinned figures are compared with the published ones.
 */

import { expect, test } from 'vitest';
import { builtInSystem } from '../model/registry.ts';
import { readManifest } from '../scripts/manifest.ts';

interface KnownCount {
  readonly system: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly source: string;
  readonly distinct: number;
  /** Transitions and initial states; absent where the source gives none, or counts what a step is differently. */
  readonly generated?: number;
  readonly depth?: number;
}

const KNOWN: readonly KnownCount[] = [
  {
    system: 'paxos-message-set',
    parameters: { acceptors: 1, values: 1 },
    source: 'TLA+ examples, specifications/Paxos/manifest.json, MCPaxos.cfg',
    distinct: 25,
    generated: 82,
    depth: 9,
  },
  {
    system: 'paxos-message-set',
    parameters: {},
    source: 'TLC on the module Paxos with 3 acceptors, 2 values, ballots 0..1',
    distinct: 3921,
    depth: 17,
  },
  {
    system: 'two-phase-commit',
    parameters: {},
    source: 'TLA+ examples, specifications/transaction_commit/manifest.json, TwoPhase.cfg',
    distinct: 288,
    depth: 11,
  },
  {
    system: 'paxos-commit',
    parameters: { rms: 2 },
    source: 'TLA+ examples, specifications/transaction_commit/manifest.json, PaxosCommit.cfg',
    distinct: 1_321_761,
    depth: 28,
  },
  {
    system: 'die-hard',
    parameters: {},
    source: 'TLC on the module DieHard',
    distinct: 16,
    generated: 97,
    depth: 8,
  },
  {
    system: 'paxos-register',
    parameters: {},
    source: 'Stateright, examples/paxos.rs with 2 clients',
    distinct: 16_668,
  },
];

test.each(KNOWN)('$system $parameters: $source', async ({ system: name, parameters, source: _, ...known }) => {
  const system = await builtInSystem(name);
  const runs = system === undefined ? [] : readManifest(system).runs;
  const run = runs.find((one) => one.mutant === null && JSON.stringify(one.parameters) === JSON.stringify(parameters));
  expect(run).toMatchObject(known);
});
