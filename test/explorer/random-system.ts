/** Random small systems: protocols whose handlers are tables, over every network and fault budget. */

import fc from 'fast-check';
import {
  always,
  alwaysStep,
  type Draft,
  integer,
  type Process,
  protocol,
  type Snapshot,
  type System,
  sometimes,
  system,
  type Tagged,
  transitionSystem,
  z,
} from '../../model/contract/index.ts';
import type { Instance } from '../../model/contract/system.ts';

const IDS = ['n1', 'n2', 'n3'];
/** Local states are numbers below this; a table has a reaction for each, at each event. */
const STATES = 3;
const KINDS = 2;

interface Reaction {
  /** Null: the guard fails. */
  readonly next: number | null;
  readonly sends: readonly { readonly to: number; readonly kind: number }[];
  readonly timer: 'set' | 'cancel' | 'leave';
  readonly tell: boolean;
  readonly keep: number | null;
}

type Table = readonly Reaction[];

interface State {
  readonly at: number;
  readonly kept: number;
  readonly told: ReadonlySet<number>;
}

const messages = { ping: { kind: z.int() } };
const indications = { tell: { at: z.int() } };

type Self = Process<Tagged<typeof messages>, 'tick', never, Tagged<typeof indications>>;

const reaction: fc.Arbitrary<Reaction> = fc.record({
  next: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: fc.nat(STATES - 1) }),
  sends: fc.array(fc.record({ to: fc.nat(IDS.length - 1), kind: fc.nat(KINDS - 1) }), { maxLength: 2 }),
  timer: fc.constantFrom('set', 'set', 'cancel', 'leave'),
  tell: fc.boolean(),
  keep: fc.option(fc.nat(1)),
});

const table: fc.Arbitrary<Table> = fc.array(reaction, { minLength: STATES, maxLength: STATES });

/** A random protocol, network, environment and properties. */
export const randomSystem: fc.Arbitrary<System> = fc
  .record({
    processes: fc.constantFrom(1, 2, 2, 3, 3),
    network: fc.constantFrom('set', 'bag', 'fifo'),
    start: table,
    receive: fc.array(table, { minLength: KINDS, maxLength: KINDS }),
    tick: table,
    ask: table,
    recover: table,
    link: fc.tuple(table, table),
    requests: fc.array(fc.nat(IDS.length - 1), { maxLength: 2 }),
    timeouts: fc.constantFrom(undefined, 1, { tick: 2 }, { tick: { n1: 1 } }),
    crashes: fc.nat(2),
    recoveries: fc.nat(1),
    faults: fc.record({ losses: fc.nat(1), duplications: fc.nat(1), linkCuts: fc.nat(2) }),
    inFlight: fc.integer({ min: 2, max: 5 }),
    bounded: fc.boolean(),
    forbidden: fc.tuple(fc.nat(STATES - 1), fc.nat(STATES - 1)),
    mayRest: fc.boolean(),
    remembersOrder: fc.boolean(),
  })
  .map((choice) => {
    const { network, crashes, faults, forbidden } = choice;
    const ids = IDS.slice(0, choice.processes);
    const { losses, duplications, linkCuts } = faults;
    return system({
      name: 'random',
      summary: 'random tables',
      build: () => ({
        processes: ids.map((id) => ({ id, protocol: tableProtocol(choice, ids) })),
        network,
        environment: {
          requests: choice.requests.map((to) => ({ to: ids[to % ids.length] ?? 'n1', request: { type: 'ask' } })),
          ...(choice.timeouts === undefined ? {} : { timeouts: choice.timeouts }),
          crashes,
          recoveries: crashes === 0 ? 0 : choice.recoveries,
          ...(network === 'bag' ? { losses, duplications } : {}),
          ...(network === 'fifo' ? { linkCuts } : {}),
        },
        bounds: {
          inFlight: choice.inFlight,
          ...(choice.bounded ? { local: { 'kept is 0': ({ kept, at }: State) => kept === 0 || at === 0 } } : {}),
        },
        view: ({ at, told }: State) => ({ at, told: told.size }),
        history: {
          initial: [],
          observe: ({ process, after, effects }) =>
            effects.some(({ type }) => type === 'indicate') ? `${process} ${(after as State).at}` : null,
          next: (told: readonly string[], what: string) => {
            const more = [...told, what].slice(0, 3);
            return choice.remembersOrder ? more : more.sort();
          },
        },
        properties: [
          always(
            'not forbidden',
            ({ views }: Seen) => ids.length < 2 || views.n1?.at !== forbidden[0] || views.n2?.at !== forbidden[1],
          ),
          always('few told', ({ history }: Seen) => (history.length < 3 ? true : 'three were told')),
          alwaysStep(
            'no step back',
            ({ views: before }: Seen, { views: after }: Seen) => (before.n1?.at ?? 0) - (after.n1?.at ?? 0) < 2,
          ),
          sometimes('all told', ({ views }: Seen) => Object.values(views).every(({ told }) => told > 0)),
          sometimes('one is down', ({ crashed }: Seen) => crashed.length > 0),
        ],
        quiescence: () => choice.mayRest || 'it rests',
      }),
    });
  });

type Seen = Snapshot<{ readonly at: number; readonly told: number }, readonly string[]>;

function tableProtocol(
  choice: Record<'start' | 'tick' | 'ask' | 'recover', Table> & { receive: Table[]; link: [Table, Table] },
  ids: readonly string[],
) {
  const react = (
    table: Table | undefined,
    state: Draft<State>,
    { send, setTimer, cancelTimer, indicate }: Self,
  ): void => {
    const reaction = table?.[state.at];
    if (reaction === undefined || reaction.next === null) return;
    state.at = reaction.next;
    if (reaction.keep !== null) state.kept = reaction.keep;
    for (const { to, kind } of reaction.sends) send(ids[to % ids.length] ?? 'n1', { type: 'ping', kind });
    if (reaction.timer === 'set') setTimer('tick');
    if (reaction.timer === 'cancel') cancelTimer('tick');
    if (!reaction.tell) return;
    state.told.add(state.at);
    indicate({ type: 'tell', at: state.at });
  };
  return protocol({
    name: 'table',
    version: 1,
    messages,
    requests: { ask: {} },
    indications,
    timers: ['tick'],
    durable: ['kept'],
    init: (): State => ({ at: 0, kept: 0, told: new Set() }),
    start: (state, process) => react(choice.start, state, withoutSelf(process)),
    receive: {
      ping(state, { kind }, process) {
        react(choice.receive[kind], state, process.from === process.self ? withoutSelf(process) : process);
      },
    },
    request: { ask: (state, _, process) => react(choice.ask, state, process) },
    timeout: { tick: (state, process) => react(choice.tick, state, process) },
    recover: (state, process) => react(choice.recover, state, process),
    linkDown: (state, _, process) => react(choice.link[0], state, process),
    linkUp: (state, _, process) => react(choice.link[1], state, process),
  });
}

/** An answer to oneself could be answered for ever. */
function withoutSelf(process: Self): Self {
  return { ...process, send: (to, message) => (to === process.self ? undefined : process.send(to, message)) };
}

/** A random graph with named edges, as a bare transition system. */
export const randomGraph: fc.Arbitrary<System> = fc
  .record({
    initial: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }),
    edges: fc.array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: 12, maxLength: 12 }),
    bad: fc.nat(11),
    goal: fc.nat(11),
    bound: fc.integer({ min: 6, max: 12 }),
    mayRest: fc.boolean(),
  })
  .map(({ initial, edges, bad, goal, bound, mayRest }) =>
    transitionSystem({
      name: 'graph',
      summary: 'a random graph',
      parameters: { unused: integer({ default: 0, min: 0, max: 0, help: 'nothing' }) },
      initial: () => initial,
      next: (state: number) => (edges[state] ?? []).map((to, index) => [`edge ${index}`, to] as const),
      bounds: { local: { 'below the bound': (state: number) => state < bound } },
      properties: [
        always('not bad', (state: number) => state !== bad),
        alwaysStep('no long step', (before: number, after: number) => Math.abs(before - after) < 9),
        sometimes('goal', (state: number) => state === goal),
      ],
      quiescence: () => mayRest,
    }),
  );

export function instanceOf(random: System): Instance {
  return random.build({}, null);
}
