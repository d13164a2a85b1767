/** The walk through the proof: on each demonstration protocol it finds what the theorem says must be lost. */

import { describe, expect, test } from 'vitest';
import { valenceOf } from '../../../explorer/valence/initial-line.ts';
import { realRun } from '../../../explorer/valence/told-run.ts';
import { isBivalent } from '../../../explorer/valence/values.ts';
import { type Walk, walk } from '../../../explorer/valence/walk.ts';
import { canonical } from '../../../model/contract/data.ts';
import { builtInSystems } from '../../../model/registry.ts';

const systems = await builtInSystems();

function walked(name: string, parameters = {}, mutant: string | null = null): Walk {
  const system = systems.find((one) => one.name === name);
  if (system === undefined) throw new Error(`there is no ${name}`);
  const result = walk(system, parameters, mutant, { most: 200_000, rounds: 3 });
  if ('tooLarge' in result) throw new Error('too large');
  return result;
}

function bivalentInputs({ line }: Walk): string[] {
  return line.filter((explored) => isBivalent(valenceOf(explored))).map(({ beginning }) => beginning.inputs);
}

describe('waiting for all', () => {
  const result = walked('wait-for-all');

  test('keeps agreement and validity, and is blocked by a crash', () => {
    expect(result.disagreement).toBeNull();
    expect(result.invention).toBeNull();
    expect(result.endless).toMatchObject({ loop: [] });
    expect(result.endless?.silent).not.toBeNull();
  });

  test('has no bivalent initial configuration: neighbours are decided by a process that may crash', () => {
    expect(bivalentInputs(result)).toEqual([]);
    expect(result.neighbours).toMatchObject({ without: null, same: false });
  });
});

describe('the first answers', () => {
  const result = walked('first-answers');

  test('loses agreement, and nothing else', () => {
    expect(result.disagreement?.edges).toHaveLength(5);
    expect(result.endless).toBeNull();
    expect(result.invention).toBeNull();
  });

  test('the line has bivalent initial configurations, shown without the process in which neighbours differ', () => {
    expect(bivalentInputs(result)).toEqual(['011', '110', '101']);
    expect(result.neighbours?.same).toBe(true);
  });
});

test('a leader with a deputy disagrees after two events, and without the deputy it blocks', () => {
  expect(walked('leader-takeover').disagreement?.edges).toHaveLength(2);
  const blocked = walked('leader-takeover', {}, 'no-takeover');
  expect(blocked.disagreement).toBeNull();
  expect(blocked.endless).toMatchObject({ loop: [], silent: 0 });
});

test('two-phase commit has a critical configuration, whose decider is the transaction manager', () => {
  const { staying, endless, invention, line } = walked('two-phase-commit', { rms: 2 });
  expect(staying[0]?.critical).toMatchObject({ decider: 0, withoutDecider: null });
  expect(line[0]?.graph.world.ids[0]).toBe('tm');
  expect(endless).toMatchObject({ loop: [], silent: 0 });
  expect(invention).toBeUndefined();
});

describe('duelling proposers', () => {
  const result = walked('dueling-proposers');
  const endless = result.endless ?? { place: 0, stem: [], loop: [], bivalent: false };
  const explored = result.line[endless.place];

  test('lose nothing but termination, by a run that is bivalent for ever', () => {
    expect(result.disagreement).toBeNull();
    expect(endless).toMatchObject({ silent: null, bivalent: true });
    expect(endless.loop).toHaveLength(8);
  });

  test('the run is a run of the protocol: its ballots grow while their order repeats', () => {
    if (explored === undefined) throw new Error('there is no run');
    const { world } = explored.graph;
    const once = realRun(explored, [...endless.stem, ...endless.loop]);
    const twice = realRun(explored, [...endless.stem, ...endless.loop, ...endless.loop]);
    const [begin, middle, end] = [once[endless.stem.length - 1], once.at(-1), twice.at(-1)];
    if (begin === undefined || middle === undefined || end === undefined) throw new Error('the run is too short');
    expect(world.normal(middle.after).to).toEqual(world.normal(begin.after).to);
    expect(world.normal(end.after).to).toEqual(world.normal(begin.after).to);
    expect(end.after).not.toEqual(begin.after);
  });

  test('every process takes steps in the loop, and all that is sent is received', () => {
    if (explored === undefined) throw new Error('there is no run');
    const run = realRun(explored, [...endless.stem, ...endless.loop]).slice(endless.stem.length);
    const steps = new Set(run.map(({ event }) => ('process' in event ? event.process : '')));
    expect([...steps].sort()).toEqual(['n1', 'n2', 'n3']);
    // What is in the buffer where the loop begins is received in it; and there is as much where it ends.
    const received = run.flatMap(({ event, late }) => [
      ...(event.type === 'receive' ? [canonical(event.message)] : []),
      ...late.map(({ message }) => canonical(message)),
    ]);
    const { world } = explored.graph;
    for (const { message } of world.buffer(run[0]?.before ?? [])) expect(received).toContain(canonical(message));
    expect(world.buffer(run.at(-1)?.after ?? [])).toHaveLength(world.buffer(run[0]?.before ?? []).length);
  });

  test('no configuration is critical', () => {
    expect(result.staying.every(({ failed, critical }) => failed === 0 && critical === null)).toBe(true);
  });
});

test('a proposer that prefers its own value loses agreement', () => {
  expect(walked('dueling-proposers', {}, 'own-value').disagreement).not.toBeNull();
});

test('a rotating coordinator goes round for ever', () => {
  const { endless, disagreement } = walked('rotating-coordinator');
  expect(disagreement).toBeNull();
  expect(endless).toMatchObject({ silent: null, bivalent: true });
});

describe('Ben-Or', () => {
  const result = walked('ben-or');

  test('does not end when an adversary picks the coins', () => {
    expect(result.endless).toMatchObject({ bivalent: true });
    expect(result.disagreement).toBeNull();
  });

  test('with fair coins a decision comes with probability 1', () => {
    expect(result.chances?.every((chance) => chance?.everywhere !== null)).toBe(true);
  });

  test('who agree from the start decide in the first round, whatever the scheduler does', () => {
    expect(result.chances?.[0]?.within[0]).toEqual({ numerator: 1n, denominator: 1n });
  });

  test('the probability grows with the rounds, and is exact', () => {
    const mixed = result.chances?.[1]?.within ?? [];
    expect(mixed.map(({ numerator, denominator }) => `${numerator}/${denominator}`)).toEqual(['0/1', '1/8', '15/64']);
  });
});
