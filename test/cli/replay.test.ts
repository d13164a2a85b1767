import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { traceToJson } from '../../model/contract/trace.ts';
import { COUNTER } from './files.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();
workshop.write('counter.ts', COUNTER);

type TraceJson = { -readonly [K in keyof ReturnType<typeof traceToJson>]: ReturnType<typeof traceToJson>[K] };

let paxos: TraceJson;
let counting: TraceJson;

beforeAll(async () => {
  await workshop.lockstep('check', 'paxos', '--mutant', 'minority-votes', '--out', 'paxos.json');
  await workshop.lockstep('check', 'counter.ts', '--witness', 'three', '--out', 'counter.json');
  [paxos, counting] = ['paxos.json', 'counter.json'].map((name) =>
    JSON.parse(readFileSync(join(workshop.path, name), 'utf8')),
  ) as [TraceJson, TraceJson];
});

/** Replays the trace with something changed. */
function replayed(trace: TraceJson, change: Partial<Record<keyof TraceJson, unknown>>) {
  workshop.write('changed.json', JSON.stringify({ ...trace, ...change }));
  return workshop.lockstep('replay', 'changed.json');
}

describe('exit code 0', () => {
  test('the trace violates what it claims', async () => {
    const { code, stdout } = await workshop.lockstep('replay', 'paxos.json');
    expect(stdout).toContain('minority-votes: 6 steps');
    expect(stdout).toContain('agreement is violated: ');
    expect(code).toBe(0);
  });

  test('the trace witnesses what it claims', async () => {
    const { code, stdout } = await workshop.lockstep('replay', 'counter.json');
    expect(stdout).toContain('three is reached.');
    expect(code).toBe(0);
  });

  test('the trace claims nothing', async () => {
    expect(await replayed(paxos, { property: null })).toMatchObject({ code: 0 });
  });
});

describe('exit code 1: the trace fits, but does not show what it claims', () => {
  test('a violation', async () => {
    const { code, stdout } = await replayed(paxos, { events: paxos.events.slice(0, 4) });
    expect(stdout).toContain('agreement holds at the end of this run.');
    expect(stdout).toContain('But the trace is kept for agreement: it does not show it.');
    expect(code).toBe(1);
  });

  test('a violation by a mutant, in the sound system', async () => {
    expect(await replayed(paxos, { mutant: null })).toMatchObject({ code: 1 });
  });

  test('a witness', async () => {
    const { code, stdout } = await replayed(counting, { events: counting.events.slice(0, 2) });
    expect(stdout).toContain('three is not reached');
    expect(code).toBe(1);
  });
});

describe('exit code 2: the trace does not fit', () => {
  test('an event that cannot happen: at which step, and what can', async () => {
    const { code, stdout, stderr } = await replayed(paxos, { events: paxos.events.toSpliced(1, 1) });
    expect(stderr).toMatch(/at step \d of 5/);
    expect(stderr).toContain('cannot happen there. What can:');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test.each([
    ['system', 'paxo', "there is no system 'paxo'"],
    ['system', 'gone.ts', 'there is no file gone.ts'],
    ['mutant', 'minority', "there is no mutant 'minority'"],
    ['property', 'agreemnt', "there is no property 'agreemnt'"],
    ['parameters', { nodes: 99 }, 'nodes is a whole number from 1 to 7'],
    ['initial', 3, 'initial state 3, which does not exist'],
    ['lockstepTrace', 2, 'is not a trace of format 1'],
    ['events', [{ type: 'nonsense' }], 'at events.0.type'],
  ])('%s: %j', async (field, value, says) => {
    const { code, stderr } = await replayed(paxos, { [field]: value });
    expect(stderr).toMatch(/^error: changed\.json/);
    expect(stderr).toContain(says);
    expect(code).toBe(2);
  });

  test('a name that is nearly right gets a suggestion', async () => {
    expect((await replayed(paxos, { property: 'agreemnt' })).stderr).toContain("Did you mean 'agreement'?");
  });

  test('a file that was cut off', async () => {
    workshop.write('cut.json', JSON.stringify(paxos).slice(0, 200));
    const { code, stderr } = await workshop.lockstep('replay', 'cut.json');
    expect(stderr).toBe('error: cut.json is not a trace: it is not JSON (or was cut off)\n');
    expect(code).toBe(2);
  });
});

test('--json tells what properties see after each step, and what became of the claim', async () => {
  const { stdout, stderr } = await workshop.lockstep('replay', 'counter.json', '--json');
  expect(JSON.parse(stdout)).toEqual({
    trace: counting,
    claim: { property: 'three', shown: true, found: 'three is reached' },
    seen: [0, 1, 2, 3].map((count) => ({ count })),
  });
  expect(stderr).toContain('three is reached.');
});

test('--step without a terminal tells the whole story', async () => {
  const { code, stdout } = await workshop.lockstep('replay', 'counter.json', '--step');
  expect(stdout).toContain('three is reached.');
  expect(code).toBe(0);
});

describe('--scenario: a scripted run of a system', () => {
  const SCENARIOS = `
import { integer, sometimes, transitionSystem } from 'lockstep';

export default transitionSystem({
  name: 'scripted',
  summary: 'counts up',
  scenarios: {
    two: { help: 'It counts to two.', source: 'a test', script: [up, up], expect: { two: 'reached' } },
    wrong: { help: 'It does not.', source: 'a test', script: [up], expect: { two: 'reached' } },
    impossible: { help: 'It cannot.', source: 'a test', script: [{ type: 'action', action: 'down' }], expect: {} },
  },
  initial: () => [0],
  next: (at: number) => [['up', at + 1]],
  properties: [sometimes('two', (at: number) => at === 2)],
});
`
    .replaceAll('up,', "{ type: 'action', action: 'up' },")
    .replaceAll('up]', "{ type: 'action', action: 'up' }]");

  beforeAll(() => {
    workshop.write('scripted.ts', SCENARIOS);
  });

  test('0: it turns out as expected', async () => {
    const { code, stdout } = await workshop.lockstep('replay', 'scripted.ts', '--scenario', 'two');
    expect(stdout).toContain('It counts to two.\n(a test)');
    expect(stdout).toMatch(/ 2 {2}up\n/);
    expect(stdout).toContain('two  reached, as expected');
    expect(code).toBe(0);
  });

  test('1: it turns out otherwise', async () => {
    const { code, stdout } = await workshop.lockstep('replay', 'scripted.ts', '--scenario', 'wrong');
    expect(stdout).toContain('two  not reached, but expected: reached');
    expect(code).toBe(1);
  });

  test('2: a line that is not possible', async () => {
    const { code, stderr } = await workshop.lockstep('replay', 'scripted.ts', '--scenario', 'impossible');
    expect(stderr).toContain("scenario 'impossible', line 1 of 1");
    expect(code).toBe(2);
  });

  test('2: no such scenario; none named', async () => {
    const { code, stderr } = await workshop.lockstep('replay', 'scripted.ts', '--scenario', 'tow');
    expect(stderr).toContain("Did you mean 'two'?");
    expect(code).toBe(2);
    const { stderr: none } = await workshop.lockstep('replay', 'scripted.ts');
    expect(none).toContain('is a system: give a trace (FILE.json), or one of its scenarios: --scenario two, wrong');
  });

  test('--json, and --out writes a trace that replays', async () => {
    const args = ['replay', 'scripted.ts', '--scenario', 'two', '--out', 'two.json', '--json'];
    const { stdout } = await workshop.lockstep(...args);
    expect(JSON.parse(stdout)).toMatchObject({
      trace: { system: 'scripted.ts', events: { length: 2 } },
      scenario: {
        name: 'two',
        outcomes: [{ property: 'two', expected: 'reached', actual: 'reached' }],
        asExpected: true,
      },
      seen: [0, 1, 2],
    });
    expect(await workshop.lockstep('replay', 'two.json')).toMatchObject({ code: 0 });
  });

  test('graph draws it', async () => {
    const { code, stdout } = await workshop.lockstep('graph', 'scripted.ts', '--scenario', 'two');
    expect(stdout).toMatch(/^digraph/);
    expect(code).toBe(0);
  });

  test('list shows what there is', async () => {
    const { stdout } = await workshop.lockstep('list', 'scripted.ts');
    expect(stdout).toMatch(/two +It counts to two\. \(a test\)/);
    expect(stdout).toContain('lockstep replay scripted.ts --scenario two');
  });
});
