/** The monitors of Raft say of a run what its properties say: on counterexamples of mutants, and on sound runs. */

import { expect, test } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { replay } from '../../../explorer/replay.ts';
import type { GlobalState } from '../../../explorer/semantics/processes.ts';
import { simulate } from '../../../explorer/simulate.ts';
import type { ProcessEvent } from '../../../model/contract/step.ts';
import type { ObservedStep, ProcessInstance } from '../../../model/contract/system.ts';
import type { Trace } from '../../../model/contract/trace.ts';
import { raftSystem } from '../../../model/raft/system.ts';

/** The properties whose monitors say of a run that it violates them. */
function violatedIn({ parameters, mutant, initial, events }: Trace): string[] {
  const instance = raftSystem.build(parameters, mutant) as ProcessInstance;
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

test.each([
  ['vote-twice', 'election safety'],
  ['minority-elects', 'election safety'],
  ['volatile-vote', 'election safety'],
  ['no-prev-check', 'state machine safety'],
  ['truncate-always', 'leader completeness'],
  ['heed-stale-leader', 'leader completeness'],
  ['no-log-check', 'leader completeness'],
])('of the counterexample of %s: %s', async (mutant, property) => {
  const { counterexample } = await check(raftSystem, { mutant, properties: [property] });
  if (counterexample === null) throw new Error(`${mutant} has no counterexample`);
  expect(violatedIn(counterexample)).toContain(property);
});

test('of sound runs: nothing', async () => {
  const { properties } = await simulate(raftSystem, {
    parameters: { elections: 4, commands: 3, crashes: 2, network: 'fifo', noop: true },
    runs: 40,
    steps: 120,
  });
  const traces = properties.flatMap(({ trace }) => (trace === null ? [] : [trace]));
  expect(traces.length).toBeGreaterThan(3);
  for (const trace of traces) expect(violatedIn(trace)).toEqual([]);
});
