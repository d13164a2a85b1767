/** Soaks in virtual time: reproducible to the letter, survived by the protocol, and not by one with a rule broken. */

import { describe, expect, test } from 'vitest';
import { operationsOf } from '../../../impl/service/client-history.ts';
import { replicatedLogs } from '../../../impl/service/replicated-log.ts';
import { type Soak, soak } from '../../../impl/torture/simulation/simulate.ts';
import { VirtualTime } from '../../../impl/torture/simulation/virtual-time.ts';
import { printHeader, printStep, type RecordedStep, type RecordingHeader } from '../../../model/contract/recording.ts';
import { builtInSystem } from '../../../model/registry.ts';
import { linearizableByKey } from '../../../spec/key-value.ts';

async function soaked(seed: number, mutant: string | null = null, recorded: string[] = []): Promise<Soak> {
  const log = replicatedLogs.raft;
  const system = await builtInSystem('raft');
  if (log === undefined || system === undefined) throw new Error('there is no raft');
  const instance = system.build(log.parameters, mutant);
  if (instance.kind !== 'processes') throw new Error('raft has no processes');
  return soak({
    instance,
    log,
    origin: { cluster: 'soak', system: 'raft', parameters: log.parameters, mutant },
    seed,
    seconds: 8,
    clients: 4,
    recorder: () => ({
      begin: (header: RecordingHeader) => void recorded.push(printHeader(header)),
      step: (step: RecordedStep) => void recorded.push(printStep(step)),
      write: () => {},
    }),
  });
}

const judged = ({ history }: Soak) => linearizableByKey(operationsOf(history));

/** What is wrong with what clients saw, by the first of some seeds that shows anything wrong. */
async function firstVerdict(mutant: string): Promise<string | true> {
  for (let seed = 1; seed <= 20; seed++) {
    const verdict = judged(await soaked(seed, mutant));
    if (verdict !== true) return String(verdict);
  }
  return true;
}

describe('a soak', () => {
  test('of one seed is the same every time, step by step', async () => {
    const [first, second]: [string[], string[]] = [[], []];
    const [one, other] = [await soaked(1, null, first), await soaked(1, null, second)];
    expect(first.length).toBeGreaterThan(500);
    expect(second).toEqual(first);
    expect(other.history).toEqual(one.history);
    expect((await soaked(2)).history).not.toEqual(one.history);
  });

  test('is survived: what the clients see is linearizable, and they are served again when all is mended', async () => {
    const survived = await soaked(3);
    expect(survived.failures).toEqual([]);
    expect(judged(survived)).toBe(true);
    expect(survived.tally.executed).toBeGreaterThan(50);
    expect(Object.values(survived.survived).reduce((sum, count) => sum + count)).toBeGreaterThan(5);
  });

  test('is not survived by servers that forget their logs', async () => {
    expect(await firstVerdict('volatile-log')).toMatch('no order explains');
  });

  test('is not survived by servers that execute a repeated request again', async () => {
    expect(await firstVerdict('no-session')).toMatch('no order explains');
  });
});

test('virtual time: in order of time, then of scheduling; what is prevented does not happen', async () => {
  const time = new VirtualTime();
  const happened: string[] = [];
  const note = (what: string) => () => void happened.push(`${what} at ${time.now()}`);
  time.after(5, note('later'));
  time.after(2, note('first'));
  time.after(2, () => time.soon(note('soon')));
  time.after(2, note('second'));
  time.after(3, note('never'))();
  time.after(9, note('beyond'));
  await time.until(8);
  expect(happened).toEqual(['first at 2', 'second at 2', 'soon at 2', 'later at 5']);
  expect(time.now()).toBe(8);
});
