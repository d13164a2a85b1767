/**
 * Sequence Paxos: processes agree on a growing sequence of commands, led by whoever has the highest ballot.
 *
 * Sources: Haridi, Kroll and Carbone, "Lecture Notes on Leader-based Sequence Paxos and Total-order Broadcast" (arXiv
 * 2008.13456); Ng, Haridi and Carbone, "Omni-Paxos" (EuroSys 2023), section on Sequence Paxos, for session drops; the
 * lecture on reconfiguration (KTH), recap "From naïve Sequence Paxos to Sequence Paxos" and "Handling crashes and
 * session-drops"; the ballot array of the lecture on reconfigurable replicated state machines (KTH).
 * Names: n_prom is `promised`, n_a `acceptedRound`, v_a `log`, l_d `decided`, las `accepted`, l_c `chosen`; rounds are
 * ballots, and null is round 0, in which everyone has accepted the empty sequence.
 * Faults: crashes with recovery from durable state, and lost sessions, over links that are FIFO within a session. A
 * minority of the processes may be down; no process lies. Who leads is told from outside, by `leader`: what is told
 * matters for progress only, as long as a ballot is told to its own process alone.
 * Left out: stop-signs, compaction and batching of the log; followers that forward commands to the leader (a client goes
 * to the leader); refusals of low ballots. All matter for progress or convenience only.
 * Differences: n_L is not kept, for at a leader it equals n_prom, and the election tells ballots in increasing order.
 * Prepare and Promise carry no log length: all suffixes begin at the new leader's decided length, so theirs compare as
 * well. The leader sends itself its own Promise and Accepted. PrepareReq goes out when a session is new, after a recovery
 * too, for a process that has just recovered has no session yet.
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged, z } from '../contract/index.ts';
import { compareAccepted } from '../kernels/accepted-order.ts';
import { Ballot, compareBallots, sameBallot } from '../kernels/ballot.ts';
import { entriesOf, extended, type Log, lengthOf, logOf } from '../kernels/log.ts';
import { majority } from '../kernels/quorum.ts';
import { prefix, suffix } from '../kernels/sequence.ts';

export const Command = z.string();
export type Command = z.infer<typeof Command>;

const Length = z.int().min(0);
const Commands = z.array(Command).readonly();

export const messages = {
  /** Leader to followers: asks for a promise at its ballot; says where its decided prefix ends, and its accepted round. */
  Prepare: { ballot: Ballot, decided: Length, acceptedRound: Ballot.nullable() },
  /** Follower to leader: will accept nothing below the ballot; its log from the leader's decided length on, unless stale. */
  Promise: { ballot: Ballot, acceptedRound: Ballot.nullable(), suffix: Commands, decided: Length },
  /** Leader to a follower that has promised: replace your log from `at` on, which brings us in step. */
  AcceptSync: { ballot: Ballot, suffix: Commands, at: Length },
  /** Leader to followers in step with it: append a command. */
  Accept: { ballot: Ballot, command: Command },
  /** Follower to leader: has accepted that much of the leader's log. */
  Accepted: { ballot: Ballot, length: Length },
  /** Leader to followers in step: that much of the log is chosen. */
  Decide: { ballot: Ballot, length: Length },
  /** Over a new session, to whoever may lead: messages may be lost; prepare me again if your ballot is no lower. */
  PrepareReq: { promised: Ballot.nullable() },
};

export const requests = {
  /** From a client. */
  propose: { command: Command },
  /** From the leader election: the process that the ballot names is to lead. */
  leader: { ballot: Ballot },
};

/** To the user: the next command of the decided sequence. */
export const indications = { decide: { command: Command } };

export interface State {
  /** Durable: the highest ballot promised. */
  readonly promised: Ballot | null;
  /** Durable: the round in which the log was last accepted. */
  readonly acceptedRound: Ballot | null;
  /** Durable: the accepted sequence. */
  readonly log: Log<Command>;
  /** Durable: how much of the log is decided. */
  readonly decided: number;
  readonly role: Follower | Preparing | Accepting;
}

/**
 * A follower of the leader it has promised. In `prepare` it waits for AcceptSync, in `accept` it is in step with the
 * leader; in `recover` it may have missed messages and listens to nothing but a Prepare; in `none` it follows nobody yet.
 */
interface Follower {
  readonly name: 'follower';
  readonly phase: 'none' | 'prepare' | 'accept' | 'recover';
}

/** A leader that collects promises. */
interface Preparing {
  readonly name: 'leader';
  readonly phase: 'prepare';
  readonly promises: Readonly<Record<ProcessId, Promised>>;
  /** Commands from clients that wait for the log to be known. */
  readonly buffer: readonly Command[];
}

/** A leader that extends its log. */
interface Accepting {
  readonly name: 'leader';
  readonly phase: 'accept';
  /** How much of the log each process in step has accepted; 0 before its first answer. */
  readonly accepted: Readonly<Record<ProcessId, number>>;
  /** How much of the log has been chosen at this ballot. */
  readonly chosen: number;
}

/** What a promise reports. */
export interface Promised {
  readonly acceptedRound: Ballot | null;
  readonly suffix: readonly Command[];
  readonly decided: number;
}

type Self = Process<Tagged<typeof messages>, never, never, Tagged<typeof indications>>;

type DurableField = 'promised' | 'acceptedRound' | 'log' | 'decided';

/** The rules on which agreement rests, each in one place. A mutant replaces one. */
export const soundRules = {
  /** What a process must not forget in a crash. */
  durable: ['promised', 'acceptedRound', 'log', 'decided'] as readonly DurableField[],
  /** How many promises, out of `n` processes, let a leader go on. */
  promisesNeeded: (n: number): number => majority(n),
  /** How many processes, out of `n`, choose a sequence by accepting it. */
  acceptedNeeded: (n: number): number => majority(n),
  /** A follower promises only above its earlier promises; the same ballot again only to be synchronised again. */
  mayPromise: (promised: Ballot | null, ballot: Ballot, recovers: boolean): boolean =>
    compareBallots(ballot, promised) > 0 || (recovers && sameBallot(ballot, promised)),
  /** A follower hears only the leader that it has promised. */
  mayFollow: (promised: Ballot | null, ballot: Ballot): boolean => sameBallot(promised, ballot),
  /** The new leader adopts the most advanced sequence: of the highest round and, of these, the longest. */
  adopt: (promises: readonly Promised[]): Promised | undefined => promises.toSorted((a, b) => compareAccepted(b, a))[0],
  /** The round in which a new leader has accepted what it adopts: its own. */
  leaderAccepts: (_accepted: Ballot | null, ballot: Ballot): Ballot | null => ballot,
  /** The round in which a follower has accepted what it is sent: the leader's. */
  followerAccepts: (_accepted: Ballot | null, ballot: Ballot): Ballot | null => ballot,
  /** A follower's log after AcceptSync. */
  synchronise: (log: Draft<Log<Command>>, at: number, tail: readonly Command[]): Draft<Log<Command>> =>
    extended(prefix(log, at), tail),
  /** A new session means that messages may be lost: its ends must be brought in step again. */
  asksAfterDrop: true,
  /** A promise that comes after the majority brings its sender in step too. */
  syncsLatePromise: true,
};

export type Rules = typeof soundRules;

export const sequencePaxos = (rules: Rules) =>
  protocol({
    name: 'sequence-paxos',
    version: 2,
    messages,
    requests,
    indications,
    durable: rules.durable,

    init: (): State => ({
      promised: null,
      acceptedRound: null,
      log: logOf<Command>([]),
      decided: 0,
      role: { name: 'follower', phase: 'none' },
    }),

    request: {
      /** From the leader election. A higher ballot of another process ends one's own lead. */
      leader(state, { ballot }, { self, peers, send }) {
        if (compareBallots(ballot, state.promised) <= 0) return;
        if (ballot.proposer !== self) {
          if (state.role.name === 'leader') state.role = { name: 'follower', phase: 'none' };
          return;
        }
        state.promised = ballot;
        state.role = { name: 'leader', phase: 'prepare', promises: {}, buffer: [] };
        for (const peer of peers) prepare(state, ballot, peer, send);
        promise(state, ballot, suffix(state.log, state.decided), self, send);
      },

      /** A leader that still prepares keeps the command; a follower is not the one to ask. */
      propose(state, { command }, { self, peers, send }) {
        const { role, promised: ballot } = state;
        if (role.name !== 'leader' || ballot === null) return;
        if (role.phase === 'prepare') return void role.buffer.push(command);
        state.log = extended(state.log, [command]);
        for (const peer of peers)
          if (role.accepted[peer] !== undefined) send(peer, { type: 'Accept', ballot, command });
        send(self, { type: 'Accepted', ballot, length: lengthOf(state.log) });
      },
    },

    receive: {
      Prepare(state, { ballot, decided, acceptedRound }, { from, send }) {
        const recovers = state.role.name === 'follower' && state.role.phase === 'recover';
        if (!rules.mayPromise(state.promised, ballot, recovers)) return;
        state.promised = ballot;
        state.role = { name: 'follower', phase: 'prepare' };
        const isSuperseded = compareBallots(state.acceptedRound, acceptedRound) < 0;
        promise(state, ballot, isSuperseded ? [] : suffix(state.log, decided), from, send);
      },

      /** The majority ends the prepare phase. Whoever promises later is brought in step on its own. */
      Promise(state, { ballot, ...promised }, process) {
        const { role } = state;
        const { from, processes } = process;
        if (role.name !== 'leader' || !sameBallot(state.promised, ballot)) return;
        if (role.phase === 'accept') {
          if (rules.syncsLatePromise) synchroniseLate(state, role, ballot, promised.decided, process);
          return;
        }
        role.promises[from] = { ...promised, suffix: [...promised.suffix] };
        if (Object.keys(role.promises).length < rules.promisesNeeded(processes.length)) return;
        takeOver(state, role, ballot, process, rules);
      },

      AcceptSync(state, { ballot, suffix, at }, { from, send }) {
        const { role } = state;
        if (role.name !== 'follower' || role.phase !== 'prepare' || !rules.mayFollow(state.promised, ballot)) return;
        state.log = rules.synchronise(state.log, at, suffix);
        state.acceptedRound = rules.followerAccepts(state.acceptedRound, ballot);
        role.phase = 'accept';
        send(from, { type: 'Accepted', ballot, length: lengthOf(state.log) });
      },

      Accept(state, { ballot, command }, { from, send }) {
        if (!isInStep(state, ballot, rules)) return;
        state.log = extended(state.log, [command]);
        send(from, { type: 'Accepted', ballot, length: lengthOf(state.log) });
      },

      /** What a majority has accepted in one round is chosen. */
      Accepted(state, { ballot, length }, process) {
        const { role } = state;
        const { from, self, processes, send } = process;
        if (role.name !== 'leader' || role.phase !== 'accept' || !sameBallot(state.promised, ballot)) return;
        role.accepted[from] = length;
        const acceptors = Object.values(role.accepted).filter((other) => other >= length).length;
        if (length <= role.chosen || acceptors < rules.acceptedNeeded(processes.length)) return;
        role.chosen = length;
        decide(state, length, process);
        for (const to of Object.keys(role.accepted)) if (to !== self) send(to, { type: 'Decide', ballot, length });
      },

      Decide(state, { ballot, length }, process) {
        if (isInStep(state, ballot, rules)) decide(state, length, process);
      },

      /** A leader forgets what it knew of the one that asks, and prepares it again. */
      PrepareReq(state, { promised }, { from, send }) {
        const { role, promised: ballot } = state;
        if (role.name !== 'leader' || ballot === null || compareBallots(promised, ballot) > 0) return;
        if (role.phase === 'prepare') delete role.promises[from];
        else delete role.accepted[from];
        prepare(state, ballot, from, send);
      },
    },

    recover(state) {
      state.role = { name: 'follower', phase: 'recover' };
    },

    linkUp(state, peer, { send }) {
      if (!rules.asksAfterDrop) return;
      if (state.role.name === 'follower' && state.promised?.proposer === peer) state.role.phase = 'recover';
      send(peer, { type: 'PrepareReq', promised: state.promised });
    },
  });

function prepare(state: Draft<State>, ballot: Ballot, to: ProcessId, send: Self['send']): void {
  send(to, { type: 'Prepare', ballot, decided: state.decided, acceptedRound: state.acceptedRound });
}

/** Promises, and reports the end of the log: nothing of a log that the leader's own supersedes. */
function promise(
  state: Draft<State>,
  ballot: Ballot,
  tail: readonly Command[],
  to: ProcessId,
  send: Self['send'],
): void {
  const { acceptedRound, decided } = state;
  send(to, { type: 'Promise', ballot, acceptedRound, suffix: tail, decided });
}

/** The new leader completes its log and brings all that have promised in step with it. */
function takeOver(state: Draft<State>, role: Draft<Preparing>, ballot: Ballot, { self, send }: Self, rules: Rules) {
  const adopted = rules.adopt(Object.values(role.promises))?.suffix ?? [];
  state.log = extended(prefix(state.log, state.decided), [...adopted, ...role.buffer]);
  state.acceptedRound = rules.leaderAccepts(state.acceptedRound, ballot);
  const accepted: Record<ProcessId, number> = {};
  for (const [follower, { decided }] of Object.entries(role.promises)) {
    accepted[follower] = 0;
    if (follower !== self) acceptSync(state, ballot, decided, follower, send);
  }
  state.role = { name: 'leader', phase: 'accept', accepted, chosen: 0 };
  send(self, { type: 'Accepted', ballot, length: lengthOf(state.log) });
}

function synchroniseLate(
  state: Draft<State>,
  role: Draft<Accepting>,
  ballot: Ballot,
  decided: number,
  { from, send }: Self & { readonly from: ProcessId },
): void {
  role.accepted[from] = 0;
  acceptSync(state, ballot, decided, from, send);
  if (role.chosen > 0) send(from, { type: 'Decide', ballot, length: role.chosen });
}

/** What a follower has decided is a prefix of the leader's log: the rest of the log replaces what it has beyond that. */
function acceptSync({ log }: Draft<State>, ballot: Ballot, decided: number, to: ProcessId, send: Self['send']): void {
  send(to, { type: 'AcceptSync', ballot, suffix: suffix(log, decided), at: decided });
}

function isInStep({ role, promised }: Draft<State>, ballot: Ballot, rules: Rules): boolean {
  return role.name === 'follower' && role.phase === 'accept' && rules.mayFollow(promised, ballot);
}

function decide(state: Draft<State>, length: number, { indicate }: Self): void {
  for (const command of entriesOf(state.log, state.decided, length)) indicate({ type: 'decide', command });
  state.decided = Math.max(state.decided, Math.min(length, lengthOf(state.log)));
}
