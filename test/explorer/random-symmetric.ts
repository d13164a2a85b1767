/** Random small systems that are symmetric: handlers are tables of rules that treat all processes, and all values, alike. */

import fc from 'fast-check';
import {
  type Actions,
  always,
  alwaysStep,
  type Draft,
  each,
  type HistoryVariable,
  type Interchangeable,
  type ObservedStep,
  type Process,
  type ProcessId,
  protocol,
  type Snapshot,
  type System,
  sometimes,
  system,
  type Tagged,
  transitionSystem,
  when,
  withMember,
  z,
} from '../../model/contract/index.ts';

const WORKERS = ['w1', 'w2', 'w3'];
const VALUES = ['A', 'B', 'C'];
/** A process that is not interchangeable with the others. */
const HUB = 'hub';
const STATES = 3;
const KINDS = 2;

const recipients = ['sender', 'leader', 'heard', 'peers', 'hub', 'named'] as const;
const lessons = ['nothing', 'leader', 'heard', 'forget', 'rank', 'value', 'named'] as const;

interface Reaction {
  /** Null: the guard fails. */
  readonly next: number | null;
  readonly learn: (typeof lessons)[number];
  readonly send: { readonly to: (typeof recipients)[number]; readonly kind: number } | null;
  readonly arm: boolean;
  readonly tell: boolean;
}

type Table = readonly Reaction[];

interface State {
  readonly at: number;
  readonly leader: ProcessId | null;
  /** Durable. */
  readonly heard: ReadonlySet<ProcessId>;
  readonly ranks: Readonly<Record<ProcessId, number>>;
  readonly values: ReadonlyMap<string, ProcessId | null>;
}

const messages = { ping: { kind: z.int(), about: z.string().nullable(), value: z.string().nullable() } };
const indications = { tell: { value: z.string().nullable() } };

type Self = Process<Tagged<typeof messages>, 'tick', never, Tagged<typeof indications>>;

const reaction: fc.Arbitrary<Reaction> = fc.record({
  next: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: fc.nat(STATES - 1) }),
  learn: fc.constantFrom(...lessons),
  send: fc.option(fc.record({ to: fc.constantFrom(...recipients), kind: fc.nat(KINDS - 1) })),
  arm: fc.boolean(),
  tell: fc.boolean(),
});

const table: fc.Arbitrary<Table> = fc.array(reaction, { minLength: STATES, maxLength: STATES });

interface Tables {
  readonly start: Table;
  readonly receive: readonly Table[];
  readonly tick: Table;
  readonly ask: Table;
  readonly recover: Table;
  readonly link: readonly Table[];
}

const tables: fc.Arbitrary<Tables> = fc.record({
  start: table,
  receive: fc.array(table, { minLength: KINDS, maxLength: KINDS }),
  tick: table,
  ask: table,
  recover: table,
  link: fc.array(table, { minLength: 2, maxLength: 2 }),
});

type History = Readonly<Record<ProcessId, readonly (string | null)[]>>;

const history: HistoryVariable<State, History> = {
  initial: {},
  observe({ process, effects }: ObservedStep<State>) {
    const told = effects.flatMap((effect) => (effect.type === 'indicate' ? [effect.indication.value ?? null] : []));
    return told.length === 0 ? null : { process, told };
  },
  next: (past: History, { process, told }: { process: ProcessId; told: readonly (string | null)[] }): History => ({
    ...past,
    [process]: [...(past[process] ?? []), ...told].slice(-2),
  }),
};

interface View {
  readonly at: number;
  readonly leader: ProcessId | null;
  readonly heard: number;
}

type Seen = Snapshot<View, History>;

/** A random symmetric system; `symmetry` of it says how: processes and values apart, or each process with a value. */
export const randomSymmetric: fc.Arbitrary<System> = fc
  .record({
    workers: fc.constantFrom(2, 3),
    hasHub: fc.boolean(),
    network: fc.constantFrom('set', 'bag', 'fifo'),
    worker: tables,
    hub: tables,
    requests: fc.constantFrom('none', 'anywhere', 'at home', 'twice'),
    isPerProcess: fc.boolean(),
    timeouts: fc.nat(2),
    crashes: fc.nat(1),
    recoveries: fc.nat(1),
    faults: fc.record({ losses: fc.nat(1), duplications: fc.nat(1), linkCuts: fc.nat(1) }),
    inFlight: fc.integer({ min: 2, max: 4 }),
    isBounded: fc.boolean(),
    forbidden: fc.nat(STATES - 1),
    mayRest: fc.boolean(),
  })
  .map((choice) => {
    const { network, requests, hasHub, faults, forbidden } = choice;
    const ids = WORKERS.slice(0, choice.workers);
    const values = VALUES.slice(0, requests === 'at home' ? ids.length : 2);
    const isHome = requests === 'at home';
    const symmetry: Interchangeable[] = isHome
      ? [ids.map((id, index) => [id, values[index] ?? ''])]
      : requests === 'none'
        ? [ids]
        : [ids, values];
    const asked = values.map((value, index) => ({
      to: isHome ? (ids[index] ?? '') : ids,
      request: { type: 'ask', value },
    }));
    const perProcess = (times: number) =>
      choice.isPerProcess ? Object.fromEntries(ids.map((id) => [id, times])) : times;
    const { losses, duplications, linkCuts } = faults;
    return system({
      name: 'symmetric',
      summary: 'random tables',
      build: () => ({
        processes: [
          ...(hasHub ? [{ id: HUB, protocol: tableProtocol('hub', choice.hub, hasHub) }] : []),
          ...ids.map((id) => ({ id, protocol: tableProtocol('worker', choice.worker, hasHub) })),
        ],
        network,
        environment: {
          requests: requests === 'none' ? [] : requests === 'twice' ? [...asked, ...asked] : asked,
          timeouts: { tick: perProcess(choice.timeouts) },
          crashes: perProcess(choice.crashes),
          recoveries: choice.crashes === 0 ? 0 : choice.recoveries,
          ...(network === 'bag' ? { losses, duplications } : {}),
          ...(network === 'fifo' ? { linkCuts } : {}),
        },
        bounds: {
          inFlight: choice.inFlight,
          ...(choice.isBounded ? { local: { 'few heard': ({ heard }: State) => heard.size < 2 } } : {}),
        },
        view: ({ at, leader, heard }: State): View => ({ at, leader, heard: heard.size }),
        history,
        symmetry,
        properties: [
          always('not all forbidden', ({ views }: Seen) => Object.values(views).some(({ at }) => at !== forbidden)),
          always('no two have told the same', ({ history: told }: Seen) => {
            const all = Object.values(told).map((values) => values.at(-1) ?? null);
            return all.every((value, index) => value === null || all.indexOf(value) === index) || 'two have';
          }),
          alwaysStep(
            'a leader stays',
            ({ views: before }: Seen, { views: after }: Seen) =>
              Object.entries(before).filter(([id, { leader }]) => leader !== null && after[id]?.leader !== leader)
                .length === 0,
          ),
          sometimes('two lead each other', ({ views }: Seen) =>
            Object.entries(views).some(([id, { leader }]) => leader !== null && views[leader]?.leader === id),
          ),
          sometimes('one is down', ({ crashed }: Seen) => crashed.length > 0),
        ],
        quiescence: () => choice.mayRest || 'it rests',
      }),
    });
  });

function tableProtocol(name: string, { start, receive, tick, ask, recover, link }: Tables, hasHub: boolean) {
  const react = (
    reaction: Reaction | undefined,
    state: Draft<State>,
    process: Self,
    { from = null, about = null, value = null }: { from?: string | null; about?: string | null; value?: string | null },
  ): void => {
    if (reaction === undefined || reaction.next === null) return;
    state.at = reaction.next;
    learn(reaction.learn, state, from, about, value);
    if (reaction.send !== null) {
      const { to, kind } = reaction.send;
      const held = [...state.values].filter(([, holder]) => holder === null).map(([known]) => known);
      const message = {
        type: 'ping',
        kind,
        about: from,
        value: held.length === 1 ? (held[0] ?? null) : value,
      } as const;
      for (const id of idsOf(to, state, process, from, about, hasHub))
        if (id !== process.self) process.send(id, message);
    }
    if (reaction.arm) process.setTimer('tick');
    if (reaction.tell) process.indicate({ type: 'tell', value });
  };
  return protocol({
    name,
    version: 1,
    messages,
    requests: { ask: { value: z.string() } },
    indications,
    timers: ['tick'],
    durable: ['heard'],
    init: (): State => ({ at: 0, leader: null, heard: new Set(), ranks: {}, values: new Map() }),
    start: (state, process) => react(start[state.at], state, process, {}),
    receive: {
      ping: (state, { kind, about, value }, process) =>
        react(receive[kind]?.[state.at], state, process, { from: process.from, about, value }),
    },
    request: { ask: (state, { value }, process) => react(ask[state.at], state, process, { value }) },
    timeout: { tick: (state, process) => react(tick[state.at], state, process, {}) },
    recover: (state, process) => react(recover[state.at], state, process, {}),
    linkDown: (state, peer, process) => react(link[0]?.[state.at], state, process, { from: peer }),
    linkUp: (state, peer, process) => react(link[1]?.[state.at], state, process, { from: peer }),
  });
}

function learn(
  what: Reaction['learn'],
  state: Draft<State>,
  from: string | null,
  about: string | null,
  value: string | null,
): void {
  if (what === 'leader') state.leader = from;
  else if (what === 'named') state.leader = about;
  else if (what === 'forget') state.heard.clear();
  else if (what === 'heard' && from !== null) state.heard.add(from);
  else if (what === 'rank' && from !== null) state.ranks[from] = state.at;
  else if (what === 'value' && value !== null) state.values.set(value, from);
}

function idsOf(
  to: (typeof recipients)[number],
  { leader, heard }: Draft<State>,
  { peers }: Self,
  from: string | null,
  about: string | null,
  hasHub: boolean,
): readonly string[] {
  const known = (id: string | null) => (id === null ? [] : [id]);
  switch (to) {
    case 'sender':
      return known(from);
    case 'leader':
      return known(leader);
    case 'named':
      return known(about);
    case 'heard':
      return [...heard];
    case 'peers':
      return peers;
    case 'hub':
      return hasHub ? [HUB] : [];
  }
}

interface Rule {
  readonly from: number;
  readonly to: number;
  /** What another one must be at; null: nothing. */
  readonly needs: number | null;
  readonly does: 'lead' | 'pair' | 'value' | 'nothing';
}

interface Standing {
  readonly at: Readonly<Record<string, number>>;
  readonly leader: string | null;
  readonly pairs: ReadonlySet<readonly (string | null)[]>;
  readonly chosen: ReadonlyMap<string, string>;
}

interface Graph {
  readonly members: number;
  readonly rules: readonly Rule[];
  readonly isBounded: boolean;
  readonly hasHead: boolean;
  readonly mayRest: boolean;
}

const graph: fc.Arbitrary<Graph> = fc.record({
  members: fc.constantFrom(2, 3, 4),
  rules: fc.array(
    fc.record({
      from: fc.nat(2),
      to: fc.nat(2),
      needs: fc.option(fc.nat(2)),
      does: fc.constantFrom('lead', 'pair', 'value', 'nothing'),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  isBounded: fc.boolean(),
  hasHead: fc.boolean(),
  mayRest: fc.boolean(),
});

const CHOICES = ['A', 'B'];

/** What members, that move by rules which are the same for all, have in common however that is written. */
function membersOf({ members, isBounded, hasHead, mayRest }: Graph) {
  const ids = ['w1', 'w2', 'w3', 'w4'].slice(0, members);
  const first: Standing = {
    at: Object.fromEntries(ids.map((id, index) => [id, hasHead && index === 1 ? 1 : 0])),
    leader: null,
    pairs: new Set(),
    chosen: new Map(),
  };
  return {
    ids,
    instance: {
      initial: () => [first],
      bounds: isBounded ? { local: { 'few pairs': ({ pairs }: Standing) => pairs.size < 2 } } : {},
      symmetry: [ids, CHOICES],
      properties: [
        always('not all at 2', ({ at }: Standing) => Object.values(at).some((place) => place !== 2)),
        alwaysStep('the leader stays', (before: Standing, after: Standing) => {
          return before.leader === null || before.at[before.leader] !== 2 || after.leader === before.leader;
        }),
        sometimes('two have chosen the same', ({ chosen }: Standing) => new Set(chosen.values()).size < chosen.size),
      ],
      quiescence: () => mayRest,
    },
  };
}

/** A random bare transition system whose successors are listed. */
export const randomSymmetricGraph: fc.Arbitrary<System> = graph.map((choice) => {
  const { ids, instance } = membersOf(choice);
  return transitionSystem({
    name: 'symmetric graph',
    summary: 'random rules',
    ...instance,
    next: (state: Standing) =>
      ids.flatMap((id) => choice.rules.flatMap((rule) => moves(state, id, rule).map((to) => [id, to] as const))),
  });
});

/** One whose steps are actions. */
export const randomSymmetricActions: fc.Arbitrary<System> = graph.map((choice) => {
  const { ids, instance } = membersOf(choice);
  const actions = choice.rules.map((rule, index) => [`rule ${index}`, actionOf(rule, ids)] as const);
  return transitionSystem({
    name: 'symmetric actions',
    summary: 'random rules',
    ...instance,
    actions: Object.fromEntries(actions),
  });
});

function actionOf({ from, to, needs, does }: Rule, ids: readonly string[]): Actions<Standing>[string] {
  return each([ids, does === 'value' ? CHOICES : [null]], (state: Draft<Standing>, id, value) => {
    when(state.at[id] === from);
    when(needs === null || Object.entries(state.at).some(([other, place]) => other !== id && place === needs));
    state.at[id] = to;
    if (does === 'lead') state.leader = id;
    if (does === 'pair') state.pairs.add([state.leader, id]);
    if (value !== null) state.chosen.set(id, value);
  });
}

function moves(state: Standing, id: string, { from, to, needs, does }: Rule): Standing[] {
  const isMet = Object.entries(state.at).some(([other, place]) => other !== id && place === needs);
  if (state.at[id] !== from || (needs !== null && !isMet)) return [];
  const moved = { ...state, at: { ...state.at, [id]: to } };
  if (does === 'lead') return [{ ...moved, leader: id }];
  if (does === 'pair') return [{ ...moved, pairs: withMember(state.pairs, [state.leader, id]) }];
  if (does === 'value') return CHOICES.map((value) => ({ ...moved, chosen: new Map([...state.chosen, [id, value]]) }));
  return [moved];
}
