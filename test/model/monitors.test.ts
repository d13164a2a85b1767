/** Monitors say of a run what their properties say: on counterexamples of mutants, and on sound runs. */

import { describe, expect, test } from 'vitest';
import { check } from '../../explorer/check.ts';
import { replay } from '../../explorer/replay.ts';
import type { GlobalState } from '../../explorer/semantics/processes.ts';
import { simulate } from '../../explorer/simulate.ts';
import type { ProcessEvent } from '../../model/contract/step.ts';
import type { ObservedStep, ProcessInstance, System } from '../../model/contract/system.ts';
import type { Trace } from '../../model/contract/trace.ts';
import { omniPaxosServiceSystem } from '../../model/omni-paxos-service/system.ts';
import { paxosSystem } from '../../model/paxos/system.ts';
import { raftSystem } from '../../model/raft/system.ts';
import { sequencePaxosSystem } from '../../model/sequence-paxos/system.ts';

/** The properties whose monitors say of a run that it violates them. */
function violatedIn(system: System, { parameters, mutant, initial, events }: Trace): string[] {
  const instance = system.build(parameters, mutant) as ProcessInstance;
  const run = replay(instance, { initial, events });
  const judges = instance.monitors.map(({ property, begin }) => ({ property, judge: begin() }));
  const steps: ObservedStep<object>[] = [...run.initial.starts];
  for (const { event, before, after, effects } of run.steps) {
    if (!('process' in event) || ['crash', 'cut', 'connect', 'lose', 'duplicate'].includes(event.type)) continue;
    const [then, now] = [before, after].map((state) => (state as GlobalState).processes[event.process]);
    if (now?.up !== true) continue;
    steps.push({
      process: event.process,
      event: event as unknown as ProcessEvent,
      before: then?.up === true ? then.local.state : now.local.state,
      after: now.local.state,
      effects,
    });
  }
  const violated = new Set<string>();
  for (const step of steps) {
    for (const { property, judge } of judges) if (judge(step) !== true) violated.add(property);
  }
  return [...violated];
}

describe('of the counterexample of a mutant', () => {
  test.each<[mutant: string, property: string, System]>([
    ['vote-twice', 'election safety', raftSystem],
    ['minority-elects', 'election safety', raftSystem],
    ['volatile-vote', 'election safety', raftSystem],
    ['no-prev-check', 'state machine safety', raftSystem],
    ['truncate-always', 'leader completeness', raftSystem],
    ['heed-stale-leader', 'leader completeness', raftSystem],
    ['no-log-check', 'leader completeness', raftSystem],
    ['apply-last', 'refines sequence consensus', raftSystem],
    ['own-value', 'agreement', paxosSystem],
    ['own-value', 'refines consensus', paxosSystem],
    ['own-value', 'votes are safe', paxosSystem],
    ['own-value', 'a chosen value stays chosen', paxosSystem],
    ['minority-promises', 'votes are safe', paxosSystem],
    ['unrecorded-promise', 'votes are safe', paxosSystem],
    ['volatile-decision', 'integrity', paxosSystem],
    ['ignore-promise', 'a promise only grows', paxosSystem],
    ['max-round-only', 'SC2 uniform agreement', sequencePaxosSystem],
    ['max-round-only', 'refines sequence consensus', sequencePaxosSystem],
    ['max-round-only', 'later rounds extend what is chosen', sequencePaxosSystem],
    ['promise-below', 'log coherence', sequencePaxosSystem],
    ['promise-below', 'accepted is promised, decided is accepted', sequencePaxosSystem],
    ['promise-below', 'promise, accepted round and decided length only grow', sequencePaxosSystem],
    ['volatile-ld', 'SC3 integrity', sequencePaxosSystem],
    ['forgets-decided', 'what is decided is executed, once', omniPaxosServiceSystem],
  ])('%s: %s', async (mutant, property, system) => {
    const { counterexample } = await check(system, { mutant, properties: [property] });
    if (counterexample === null) throw new Error(`${mutant} has no counterexample`);
    expect(violatedIn(system, counterexample)).toContain(property);
  });
});

describe('of sound runs: nothing', () => {
  test.each<[name: string, System, Readonly<Record<string, number | string | boolean>>]>([
    ['raft', raftSystem, { elections: 4, commands: 3, crashes: 2, network: 'fifo', noop: true }],
    ['paxos', paxosSystem, { proposers: 3, retries: 4, crashes: 2 }],
    ['sequence-paxos', sequencePaxosSystem, { rounds: 'n1:a n2:b n1:c n2', linkCuts: 2, crashes: 2 }],
    ['omni-paxos-service', omniPaxosServiceSystem, { rounds: 2, commands: 1, crashes: 1 }],
  ])('%s', async (_, system, parameters) => {
    const { properties } = await simulate(system, { parameters, runs: 40, steps: 120 });
    const traces = properties.flatMap(({ trace }) => (trace === null ? [] : [trace]));
    expect(traces.length).toBeGreaterThan(1);
    for (const trace of traces) expect(violatedIn(system, trace)).toEqual([]);
  });
});
