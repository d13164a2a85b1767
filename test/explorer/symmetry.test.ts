/** Symmetry, case by case: what is taken for alike, what is refused and how it is said, and what is shown. */

import { describe, expect, test } from 'vitest';
import { type CheckOptions, check } from '../../explorer/check.ts';
import { replay } from '../../explorer/replay.ts';
import {
  always,
  alwaysStep,
  type Budget,
  type ClientRequest,
  type Draft,
  each,
  type HistoryVariable,
  type Interchangeable,
  ModelError,
  type Process,
  type ProcessId,
  type Property,
  protocol,
  type Snapshot,
  type System,
  sometimes,
  system,
  type Tagged,
  transitionSystem,
  UsageError,
  when,
} from '../../model/contract/index.ts';
import { twoPhaseCommitSystem } from '../../model/two-phase-commit/system.ts';
import { twoPhaseCommitMessageSetSystem } from '../../model/two-phase-commit-message-set/two-phase-commit-message-set.ts';

const messages = { hello: {} };

interface State {
  readonly rank: number;
  readonly friend: string | null;
  readonly seen: ReadonlySet<string>;
  readonly notes: Readonly<Record<string, number>>;
}

type Self = Process<Tagged<typeof messages>, 'tick'>;
type Receiver = Self & { readonly from: ProcessId };
type History = readonly ProcessId[];
type Seen = Snapshot<unknown, History>;

interface Ways {
  readonly ids?: readonly string[];
  readonly symmetry?: readonly Interchangeable[];
  readonly init?: (self: ProcessId) => Partial<State>;
  readonly start?: (state: Draft<State>, process: Self) => void;
  readonly hello?: (state: Draft<State>, process: Receiver) => void;
  readonly tick?: (state: Draft<State>, process: Self) => void;
  readonly recover?: (state: Draft<State>, process: Self) => void;
  readonly keep?: (state: State) => unknown;
  readonly view?: (state: State, process: ProcessId) => unknown;
  readonly within?: (state: State) => boolean;
  readonly next?: (past: History, process: ProcessId) => History;
  readonly requests?: readonly ClientRequest[];
  readonly crashes?: Budget;
  readonly properties?: readonly Property<Seen>[];
  readonly quiescence?: (seen: Seen) => boolean;
}

/** Three processes, each of which greets the others at its first tick. Symmetric, unless a way to do something is not. */
function greeters(ways: Ways = {}): System {
  const { ids = ['w1', 'w2', 'w3'], keep = () => null } = ways;
  const greeter = protocol({
    name: 'greeter',
    version: 1,
    messages,
    requests: { ask: {} },
    timers: ['tick'],
    durable: { keep, restore: (fresh: State) => fresh },
    init: ({ self }): State => ({ rank: 0, friend: null, seen: new Set(), notes: {}, ...ways.init?.(self) }),
    start: (state, process) => (ways.start ?? ((_, { setTimer }) => setTimer('tick')))(state, process),
    receive: { hello: (state, _, process) => (ways.hello ?? ((s, { from }) => s.seen.add(from)))(state, process) },
    request: {
      ask: (state) => {
        state.rank = 9;
      },
    },
    timeout: {
      tick: (state, process) => {
        if (ways.tick !== undefined) return ways.tick(state, process);
        for (const peer of process.peers) process.send(peer, { type: 'hello' });
      },
    },
    recover: (state, process) => ways.recover?.(state, process),
  });
  const history: HistoryVariable<State, History> = {
    initial: [],
    observe: ({ process, event }) => (event.type === 'timeout' ? process : null),
    next: (past: History, process: never) => ways.next?.(past, process) ?? past,
  };
  return system({
    name: 'greeters',
    summary: 'greet each other',
    build: () => ({
      processes: ids.map((id) => ({ id, protocol: greeter })),
      network: 'bag',
      environment: { requests: ways.requests ?? [], crashes: ways.crashes ?? 0, recoveries: ways.crashes ?? 0 },
      bounds: ways.within === undefined ? {} : { local: { 'a bound': ways.within } },
      view: ways.view ?? (({ seen }) => ({ seen })),
      history,
      symmetry: ways.symmetry ?? [ids],
      properties: ways.properties ?? [sometimes('none', () => true)],
      quiescence: ways.quiescence ?? (() => true),
    }),
  });
}

const withSymmetry = (ways: Ways, options: CheckOptions = {}) => check(greeters(ways), { ...options, symmetry: true });

async function refusal(ways: Ways): Promise<Error> {
  return withSymmetry(ways).then(
    () => new Error('it was not refused'),
    (thrown: unknown) => thrown as Error,
  );
}

describe('counts', () => {
  test('are the number of orbits, and of the states that they stand for', async () => {
    const off = await check(greeters());
    const on = await withSymmetry({});
    expect(on.symmetry).toEqual({
      interchangeable: ['w1, w2 and w3'],
      renamings: 6,
      represented: off.distinct,
    });
    expect(on.distinct).toBeLessThan(off.distinct / 4);
    expect({ depth: on.depth, verdict: on.verdict }).toEqual({ depth: off.depth, verdict: off.verdict });
  });

  test.each([
    ['engine', 3, 80],
    ['naive', 3, 80],
    ['engine', 5, 314],
    ['engine', 7, 920],
  ] as const)('of two-phase commit are those of TLC: %s, %i resource managers, %i', async (explorer, rms, orbits) => {
    const { distinct } = await check(twoPhaseCommitSystem, { parameters: { rms }, symmetry: true, explorer });
    expect(distinct).toBe(orbits);
  });

  test.each([
    [3, 80],
    [5, 314],
    [7, 920],
  ])('of two-phase commit as actions too: %i resource managers, %i', async (rms, orbits) => {
    const result = await check(twoPhaseCommitMessageSetSystem, { parameters: { rms }, symmetry: true });
    expect(result.distinct).toBe(orbits);
    // Once for what they read, in these states and in the images on which the symmetry is tested.
    expect(result.handlerCalls?.memoised).toBeLessThan(result.generated);
  });

  test.each([
    ['processes', twoPhaseCommitSystem],
    ['actions', twoPhaseCommitMessageSetSystem],
  ])('every mutant of two-phase commit is found in as many steps: %s', async (_, system: System) => {
    for (const [mutant, { breaks }] of Object.entries(system.mutants)) {
      const [on, off] = await Promise.all([true, false].map((symmetry) => check(system, { mutant, symmetry })));
      const steps = (result: typeof on) =>
        result?.properties.find(({ name }) => name === breaks)?.trace?.events.length ?? 'not found';
      expect(steps(on), mutant).toBe(steps(off));
      expect(steps(on), mutant).not.toBe('not found');
    }
  });

  test('a group of one permutation leaves everything as it is', async () => {
    const on = await withSymmetry({ symmetry: [['w1'], []] });
    expect(on.symmetry).toMatchObject({ renamings: 1, represented: on.distinct });
    expect(on.distinct).toBe((await check(greeters())).distinct);
  });

  test('an initial state need not be symmetric: what can happen must be', async () => {
    const start = (state: Draft<State>, { self, setTimer }: Self) => {
      if (self === 'w2') state.rank = 1;
      setTimer('tick');
    };
    const properties = [
      always('the first does not see two', ({ views }: Seen) =>
        (Object.values(views) as State[]).every(({ rank, seen }) => rank === 0 || seen.size < 2),
      ),
    ];
    const view = ({ rank, seen }: State) => ({ rank, seen });
    const off = await check(greeters({ start, properties, view }));
    const on = await withSymmetry({ start, properties, view });
    expect(off.counterexample?.events.length).toBe(4);
    expect(on.counterexample?.events.length).toBe(4);
    expect(on.verdict).toBe('violated');
  });
});

describe('what tells names apart is refused', () => {
  test('a handler that orders them: named, with event, state and both outcomes', async () => {
    const { name, message } = await refusal({
      hello(state, { from }) {
        // A tie-break, as in a ballot of round and id.
        if (state.friend === null || from > state.friend) state.friend = from;
      },
    });
    expect(name).toBe('ModelError');
    expect(message).toMatch(
      /'w\d' and 'w\d' are interchangeable, but handler receive\.hello of greeter at w\d tells them apart/,
    );
    expect(message.match(/event: \{"from":"w\d"/g)).toHaveLength(2);
    expect(message.match(/ state: .*"friend":"w\d"/g)).toHaveLength(2);
    // Told of the greater name it makes it its friend; of the lesser one, it does not.
    expect(message).toMatch(/state after it: .*"friend":"w\d"/);
    expect(message).toContain('nothing happens');
    expect(message).toMatch(/with (w\d) as (w\d), \2 as \1:/);
    expect(message).toContain('check without --symmetry');
  });

  const cases: readonly (readonly [string, Ways, string])[] = [
    [
      'whom to send to',
      { tick: (_, { peers, send }) => send(peers[0] ?? '', { type: 'hello' }) },
      'handler timeout.tick',
    ],
    [
      'a name in a longer string',
      {
        hello: (s, { from }) => {
          s.friend = `seen ${from}`;
        },
      },
      'handler receive.hello',
    ],
    [
      'a name as a number',
      {
        hello: (s, { from }) => {
          s.rank = Number(from.slice(1));
        },
      },
      'handler receive.hello',
    ],
    ['what is durable', { crashes: 1, keep: ({ seen }) => [...seen].sort()[0] ?? null }, 'what a crash leaves'],
    ['how it is born', { crashes: 1, init: (self) => ({ rank: self === 'w1' ? 1 : 0 }) }, 'handler recover'],
    [
      'how it recovers',
      {
        crashes: 1,
        recover: (s, { self }) => {
          s.friend = self === 'w1' ? self : null;
        },
      },
      'handler recover',
    ],
    ['a view', { view: ({ seen }) => ({ sawFirst: seen.has('w1') }) }, 'the view of a process'],
    ['a bound', { within: ({ seen }) => !seen.has('w3') }, 'a bound'],
    ['the history', { next: (past, process) => [...past, process].sort() }, 'the next of its history variable'],
    [
      'a property',
      {
        properties: [
          always('p', ({ views }) => (views.w1 as State).seen.size < 3 && (views.w2 as State).seen.size < 2),
        ],
      },
      "property 'p'",
    ],
    [
      'a step property',
      {
        properties: [
          { kind: 'alwaysStep', name: 's', check: (_: Seen, { views }: Seen) => (views.w1 as State).seen.size < 2 },
        ],
      },
      "property 's'",
    ],
    [
      'quiescence',
      { quiescence: ({ views }) => (views.w1 as State | undefined)?.seen.size === 2, crashes: 1 },
      "property 'quiescence'",
    ],
  ];

  test.each(cases)('%s', async (_, ways, what) => {
    const error = await refusal(ways);
    expect(error).toBeInstanceOf(ModelError);
    expect(error.message).toContain(`are interchangeable, but ${what}`);
    await expect(check(greeters(ways))).resolves.toBeDefined();
  });

  test('a handler that fails only for some names', async () => {
    const hello = (state: Draft<State>, { from }: Receiver) => {
      if (state.seen.size > 0 && from === 'w3') throw new Error('not again');
      state.seen.add(from);
    };
    expect((await refusal({ hello })).message).toContain('not again');
  });

  test.each<readonly [string, Ways, string]>([
    [
      'a request to one of them',
      { requests: [{ to: 'w1', request: { type: 'ask' } }] },
      'the request {"type":"ask"} of client to w1',
    ],
    ['a budget of one of them', { crashes: { w1: 1 } }, '1 crashes w1'],
    ['budgets that differ', { crashes: { w1: 1, w2: 2, w3: 1 } }, 'crashes w'],
  ])('an environment with %s', async (_, ways, what) => {
    const error = await refusal(ways);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(`are not interchangeable: the environment allows`);
    expect(error.message).toContain(what);
  });
});

describe.each(['next', 'actions'] as const)(
  'what tells names apart in a bare transition system is refused: %s',
  (how) => {
    interface Crossing {
      readonly over: ReadonlySet<string>;
    }

    /** Two that cross, one by one. */
    function crossing(ways: {
      next?: (state: Crossing, id: string) => boolean;
      property?: Property<Crossing>;
      quiescence?: (state: Crossing) => boolean;
      within?: (state: Crossing) => boolean;
    }): System {
      const ids = ['x', 'y'];
      const mayCross = ({ over }: Crossing, id: string) => !over.has(id) && (ways.next?.({ over }, id) ?? true);
      const next = ({ over }: Crossing) =>
        ids
          .filter((id) => mayCross({ over }, id))
          .map((id) => [`${id} crosses`, { over: new Set([...over, id]) }] as const);
      const crosses = each([ids], (state: Draft<Crossing>, id) => {
        when(mayCross(state, id));
        state.over.add(id);
      });
      return transitionSystem({
        name: 'crossing',
        summary: 'two cross',
        initial: () => [{ over: new Set<string>() }],
        ...(how === 'next' ? { next } : { actions: { crosses } }),
        bounds: ways.within === undefined ? {} : { local: { 'a bound': ways.within } },
        symmetry: [ids],
        properties: [ways.property ?? sometimes('both', ({ over }: Crossing) => over.size === 2)],
        quiescence: ways.quiescence ?? (() => true),
      });
    }

    test('if nothing does, it is not', async () => {
      expect(await check(crossing({}), { symmetry: true })).toMatchObject({
        distinct: 3,
        symmetry: { represented: 4 },
      });
    });

    const isX = ({ over }: Crossing) => over.size !== 1 || over.has('x');
    test.each<readonly [string, Parameters<typeof crossing>[0], string]>([
      ['next', { next: ({ over }, id) => id === 'x' || over.has('x') }, 'next'],
      ['a bound', { within: isX }, 'next'],
      ['a property', { property: always('x first', isX) }, "property 'x first'"],
      [
        'a step property',
        {
          property: alwaysStep(
            'x goes first',
            (before: Crossing, { over }: Crossing) => before.over.size > 0 || over.has('x'),
          ),
        },
        "property 'x goes first'",
      ],
      ['quiescence', { quiescence: isX, next: ({ over }) => over.size === 0 }, 'quiescence'],
    ])('%s', async (_, ways, what) => {
      await expect(check(crossing(ways), { symmetry: true })).rejects.toThrow(
        `'x' and 'y' are interchangeable, but ${what} tells them apart`,
      );
    });
  },
);

describe('what is no occurrence of a name', () => {
  test('a longer string that has one in it and is the same for all', async () => {
    const on = await withSymmetry({
      hello: (s) => {
        s.friend = 'not w1 but w10';
      },
    });
    expect(on.verdict).toBe('holds');
    expect(on.symmetry?.represented).toBeGreaterThan(on.distinct);
  });

  test('a name that is the key of a record, a member of a set, a timer: those are occurrences', async () => {
    const hello = (state: Draft<State>, { from }: Receiver) => {
      state.notes[from] = 1;
      state.seen.add(from);
      state.friend = from;
    };
    const off = await check(greeters({ hello }));
    const on = await withSymmetry({ hello });
    expect(on.symmetry?.represented).toBe(off.distinct);
  });
});

describe('what is asked for', () => {
  test('symmetry of a system that declares none', async () => {
    await expect(check(greeters({ symmetry: [] }), { symmetry: true })).rejects.toThrow(
      "system 'greeters' declares no symmetry",
    );
  });

  test.each<readonly [string, readonly Interchangeable[], string]>([
    [
      'a name twice',
      [
        ['w1', 'w2'],
        ['w2', 'w3'],
      ],
      "'w2' is among the interchangeable names twice",
    ],
    [
      'members of different sizes',
      [['w1', ['w2', 'A']]],
      "'w1' and ('w2', 'A') cannot be interchangeable: they are not as many names",
    ],
    [
      'a process and a value',
      [['w1', 'A']],
      "'w1' and 'A' cannot be interchangeable: one runs greeter, the other is no process",
    ],
  ])('%s', (_, symmetry, why) => {
    expect(() => greeters({ symmetry }).build({}, null)).toThrow(`system 'greeters': ${why}`);
  });

  test('more names than can be counted', async () => {
    const values = Array.from({ length: 13 }, (_, index) => `v${index}`);
    await expect(withSymmetry({ symmetry: [values] })).rejects.toThrow('13 interchangeable names are too many');
  });
});

describe('what is shown', () => {
  const properties = [
    always('nobody sees two', ({ views }: Seen) =>
      (Object.values(views) as State[]).every(({ seen }) => seen.size < 2),
    ),
  ];

  test('is a real run: it can be replayed without symmetry, and is the same every time', async () => {
    const [first, again] = [await withSymmetry({ properties }), await withSymmetry({ properties })];
    const off = await check(greeters({ properties }));
    expect(first.counterexample?.events).toHaveLength(off.counterexample?.events.length ?? 0);
    expect(again.counterexample).toEqual(first.counterexample);
    const { initial = 0, events = [] } = first.counterexample ?? {};
    const { semantics, steps } = replay(greeters({ properties }).build({}, null), { initial, events });
    const end = semantics.seen(steps.at(-1)?.after) as Seen;
    expect(properties[0]?.kind === 'always' && properties[0].check(end)).not.toBe(true);
  });
});
