/**
 * Zab: atomic broadcast for primaries. A new leader brings the followers to one history before it broadcasts anything, so
 * that what a primary broadcasts is delivered in the order in which it did, and never after what a later primary did.
 *
 * Source: Junqueira, Reed and Serafini, "Zab: High-performance broadcast for primary-backup systems" (DSN 2011): discovery,
 * synchronization, broadcast; f.p, f.a and the history are `acceptedEpoch`, `currentEpoch` and `history` here. The lecture on
 * coordinating distributed systems (Eurecom), slides "ZAB" and "Leader order".
 * Faults: crashes (with recovery from durable state); links keep their order (fifo), and lose a suffix with their session.
 * A minority of the processes may be down. Who leads and who follows whom is up to an oracle (phase 0): the requests `elected`
 * and `follow`, which may come at any time.
 * Left out: ZooKeeper's leader election, which prefers the process with the longest history, timeouts, and sending of
 * differences instead of whole histories. They matter for progress and for cost only.
 * Differences: NEWEPOCH is acknowledged only when it is above all epochs accepted so far; where it may be equal, two leaders
 * can establish one epoch (mutant `epoch-ge`). ACK-E names the epoch that it accepts, so that one sent to an earlier
 * leadership of the same process does not count. For late joiners, as the authors of ZooKeeper's specification found: they
 * are proposed to before they have acknowledged NEWLEADER (mutant `propose-to-ackld`); their COMMIT-LD says up to where, as
 * all commits do, for they may have been sent what is not committed; and their ACK-LD counts as their acknowledgement of all
 * that they were sent. What a process had delivered is forgotten in a crash and delivered again: Zab does not promise
 * otherwise (the lecture: "no duplication ... ZAB deviates from this").
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged, z } from '../contract/index.ts';
import { majority } from '../kernels/quorum.ts';
import { compareZxids, nextZxid, sameZxid, Zxid } from '../kernels/zxid.ts';

const Epoch = z.int().min(1);
/** 0: none yet. */
const LastEpoch = z.int().min(0);

export const Value = z.string();
export type Value = z.infer<typeof Value>;

export const Transaction = z.strictObject({ zxid: Zxid, value: Value });
export type Transaction = Readonly<z.infer<typeof Transaction>>;

const History = z.array(Transaction).readonly();
export type History = z.infer<typeof History>;

export const messages = {
  /** Follower to leader: the last epoch that it has accepted. */
  CEpoch: { acceptedEpoch: LastEpoch },
  /** Leader to followers: the epoch that it is about to lead. */
  NewEpoch: { epoch: Epoch },
  /** Follower to leader: accepts it, and will accept no lower one; the last leader that it was synchronized with, and its history. */
  AckE: { epoch: Epoch, currentEpoch: LastEpoch, history: History },
  /** Leader to followers: the history from which the epoch begins, or (to a late joiner) the one so far. */
  NewLeader: { epoch: Epoch, history: History },
  /** Follower to leader: has taken it over, up to this zxid. */
  AckLD: { epoch: Epoch, zxid: Zxid.nullable() },
  /** Leader to synchronized followers: a quorum has; deliver up to this zxid. */
  CommitLD: { epoch: Epoch, zxid: Zxid.nullable() },
  /** Leader to followers: one more transaction. */
  Propose: { epoch: Epoch, transaction: Transaction },
  /** Follower to leader: has appended it. */
  Ack: { epoch: Epoch, zxid: Zxid },
  /** Leader to synchronized followers: a quorum has; deliver up to this zxid. */
  Commit: { epoch: Epoch, zxid: Zxid },
};

export const requests = {
  /** From the oracle: lead. */
  elected: {},
  /** From the oracle: follow this leader. */
  follow: { leader: z.string() },
  /** From a client, to a leader: broadcast a value. */
  broadcast: { value: Value },
};

export const indications = {
  /** To the application: next in the total order. */
  deliver: { transaction: Transaction },
};

export interface State {
  /** Durable: f.p, the last NEWEPOCH that it has acknowledged; 0 for none. */
  readonly acceptedEpoch: number;
  /** Durable: f.a, the last NEWLEADER that it has acknowledged; 0 for none. */
  readonly currentEpoch: number;
  /** Durable. */
  readonly history: History;
  /** How much of the history it has delivered. */
  readonly delivered: number;
  readonly role: Looking | Following | Leading;
}

interface Looking {
  readonly type: 'looking';
}

interface Following {
  readonly type: 'following';
  readonly leader: ProcessId;
  readonly phase: 'discovery' | 'synchronization' | 'broadcast';
}

export type Leading = Discovering | Establishing | Established;

/** Phase 1, until a quorum has said which epochs it has accepted. */
interface Discovering {
  readonly type: 'leading';
  readonly phase: 'discovery';
  readonly epoch: null;
  readonly accepted: Readonly<Record<ProcessId, number>>;
}

/** Phase 1, until a quorum has accepted the new epoch. */
interface Establishing {
  readonly type: 'leading';
  readonly phase: 'discovery';
  readonly epoch: number;
  readonly reports: Readonly<Record<ProcessId, Report>>;
}

/** Phases 2 and 3. */
export interface Established {
  readonly type: 'leading';
  readonly phase: 'synchronization' | 'broadcast';
  readonly epoch: number;
  /** Whom it has sent NEWLEADER. */
  readonly informed: ReadonlySet<ProcessId>;
  /** Who has acknowledged NEWLEADER, and how much of the leader's history it has. */
  readonly acked: Readonly<Record<ProcessId, number>>;
}

/** What an ACK-E says: the history of a follower, and with which leader it was last synchronized. */
export interface Report {
  readonly currentEpoch: number;
  readonly history: History;
}

type Self = Process<Tagged<typeof messages>, never, never, Tagged<typeof indications>>;

/** The rules on which the orders rest, each in one place. A mutant replaces one. */
export const soundRules = {
  /** What a process must not forget in a crash. */
  durable: ['acceptedEpoch', 'currentEpoch', 'history'] as readonly ('acceptedEpoch' | 'currentEpoch' | 'history')[],
  /** Whether a follower that has accepted an epoch accepts another one. */
  mayAccept: (accepted: number, epoch: number): boolean => accepted < epoch,
  /** What epoch it has accepted then. */
  acceptedAfter: (_accepted: number, epoch: number): number => epoch,
  /** Whether a follower that has accepted an epoch takes over the history of a leader of another one. */
  maySynchronize: (accepted: number, epoch: number): boolean => accepted === epoch,
  /** With which leader a follower was last synchronized, after taking over the history of a leader. */
  currentAfter: (_current: number, epoch: number): number => epoch,
  /** The history from which a new epoch begins: of the follower that was synchronized last, and of those the longest. */
  choose: (reports: readonly Report[]): History =>
    reports.toSorted((a, b) => b.currentEpoch - a.currentEpoch || compareLast(b.history, a.history))[0]?.history ?? [],
  /** Whether a leader broadcasts in this phase. */
  mayBroadcast: (phase: Leading['phase']): boolean => phase === 'broadcast',
  /** Whom a leader proposes a transaction to: whom it has sent NEWLEADER, acknowledged or not. */
  proposeTo: ({ informed }: Established): Iterable<ProcessId> => informed,
};

export type Rules = typeof soundRules;

export const zab = (rules: Rules) =>
  protocol({
    name: 'zab',
    version: 1,
    messages,
    requests,
    indications,
    durable: rules.durable,

    init: (): State => ({
      acceptedEpoch: 0,
      currentEpoch: 0,
      history: [],
      delivered: 0,
      role: { type: 'looking' },
    }),

    request: {
      /** Phase 0. It counts itself among its followers. */
      elected(state, _request, { self }) {
        const accepted = { [self]: state.acceptedEpoch };
        state.role = { type: 'leading', phase: 'discovery', epoch: null, accepted };
      },

      /** Phase 1, step f.1.1. */
      follow(state, { leader }, { self, send }) {
        if (leader === self || (state.role.type === 'following' && state.role.leader === leader)) return;
        state.role = { type: 'following', leader, phase: 'discovery' };
        send(leader, { type: 'CEpoch', acceptedEpoch: state.acceptedEpoch });
      },

      /** Phase 3, step l.3.1: only a primary broadcasts. */
      broadcast(state, { value }, { self, send, ...process }) {
        const { role } = state;
        if (!isEstablished(role) || !rules.mayBroadcast(role.phase)) return;
        const transaction = { zxid: nextZxid(lastOf(state.history), role.epoch), value };
        state.history.push(transaction);
        role.acked[self] = state.history.length;
        for (const to of rules.proposeTo(role)) send(to, { type: 'Propose', epoch: role.epoch, transaction });
        commit(state, { self, send, ...process });
      },
    },

    receive: {
      /** Phase 1, step l.1.1; of a late joiner, phase 3, step l.3.3. */
      CEpoch(state, { acceptedEpoch }, { from, self, processes, send }) {
        const { role } = state;
        if (role.type !== 'leading') return;
        if (role.epoch !== null) {
          send(from, { type: 'NewEpoch', epoch: role.epoch });
          if (isEstablished(role)) inform(role, from, state.history, send);
          return;
        }
        role.accepted[from] = acceptedEpoch;
        const quorum = Object.entries(role.accepted);
        if (quorum.length < majority(processes.length)) return;
        const epoch = Math.max(...quorum.map(([, accepted]) => accepted)) + 1;
        state.acceptedEpoch = epoch;
        const reports = { [self]: { currentEpoch: state.currentEpoch, history: state.history } };
        state.role = { type: 'leading', phase: 'discovery', epoch, reports };
        for (const [to] of quorum) if (to !== self) send(to, { type: 'NewEpoch', epoch });
      },

      /** Phase 1, step f.1.2. */
      NewEpoch(state, { epoch }, { from, send }) {
        const { role } = state;
        if (role.type !== 'following' || role.leader !== from) return;
        if (epoch < state.acceptedEpoch) {
          state.role = { type: 'looking' };
        } else if (rules.mayAccept(state.acceptedEpoch, epoch)) {
          state.acceptedEpoch = rules.acceptedAfter(state.acceptedEpoch, epoch);
          role.phase = 'synchronization';
          send(from, { type: 'AckE', epoch, currentEpoch: state.currentEpoch, history: state.history });
        }
      },

      /** Phase 1, step l.1.2, and phase 2, step l.2.1. */
      AckE(state, { epoch, currentEpoch, history }, { from, self, processes, send }) {
        const { role } = state;
        if (role.type !== 'leading' || role.epoch !== epoch) return;
        if (isEstablished(role)) {
          if (!role.informed.has(from)) inform(role, from, state.history, send);
          return;
        }
        role.reports[from] = { currentEpoch, history: [...history] };
        const quorum = Object.entries(role.reports);
        if (quorum.length < majority(processes.length)) return;
        state.history = [...rules.choose(quorum.map(([, report]) => report))];
        state.currentEpoch = epoch;
        const acked = { [self]: state.history.length };
        const established: Draft<Established> = {
          type: 'leading',
          phase: 'synchronization',
          epoch,
          informed: new Set(),
          acked,
        };
        for (const [to] of quorum) if (to !== self) inform(established, to, state.history, send);
        state.role = established;
      },

      /** Phase 2, step f.2.1: the epoch and the history of the leader, at once. */
      NewLeader(state, { epoch, history }, { from, send }) {
        const { role } = state;
        if (role.type !== 'following' || role.leader !== from) return;
        if (!rules.maySynchronize(state.acceptedEpoch, epoch)) {
          state.role = { type: 'looking' };
          return;
        }
        state.acceptedEpoch = epoch;
        state.currentEpoch = rules.currentAfter(state.currentEpoch, epoch);
        state.history = [...history];
        role.phase = 'synchronization';
        send(from, { type: 'AckLD', epoch, zxid: lastOf(history) });
      },

      /** Phase 2, step l.2.2: a quorum begins phase 3. Of a late joiner, step l.3.4: it is told how far the leader has committed. */
      AckLD(state, { epoch, zxid }, { from, ...process }) {
        const { role } = state;
        if (role.type !== 'leading' || role.epoch !== epoch || !isEstablished(role)) return;
        role.acked[from] = lengthTo(state.history, zxid);
        if (role.phase === 'broadcast') {
          process.send(from, { type: 'CommitLD', epoch, zxid: lastDelivered(state) });
          commit(state, process);
        } else if (Object.keys(role.acked).length >= majority(process.processes.length)) {
          role.phase = 'broadcast';
          deliver(state, quorumLength(role, process), process);
          for (const to of synchronized(role, process.self)) {
            process.send(to, { type: 'CommitLD', epoch, zxid: lastDelivered(state) });
          }
        }
      },

      /** Phase 2, step f.2.2. */
      CommitLD(state, { epoch, zxid }, { from, ...process }) {
        const { role } = state;
        if (!isFollowerOf(state, from, epoch) || role.type !== 'following') return;
        role.phase = 'broadcast';
        deliver(state, lengthTo(state.history, zxid), process);
      },

      /** Phase 3, follower: appends it, if it is the next one. */
      Propose(state, { epoch, transaction }, { from, send }) {
        if (!isFollowerOf(state, from, epoch)) return;
        if (!sameZxid(transaction.zxid, nextZxid(lastOf(state.history), epoch))) return;
        state.history.push(transaction);
        send(from, { type: 'Ack', epoch, zxid: transaction.zxid });
      },

      /** Phase 3, step l.3.2. */
      Ack(state, { epoch, zxid }, { from, ...process }) {
        const { role } = state;
        if (role.type !== 'leading' || role.epoch !== epoch || !isEstablished(role)) return;
        role.acked[from] = Math.max(role.acked[from] ?? 0, lengthTo(state.history, zxid));
        commit(state, process);
      },

      /** Phase 3, follower. */
      Commit(state, { epoch, zxid }, { from, ...process }) {
        if (isFollowerOf(state, from, epoch)) deliver(state, lengthTo(state.history, zxid), process);
      },
    },

    /** A follower without its leader, and a leader without a quorum, look for a leader. */
    linkDown(state, peer, { processes }) {
      const { role } = state;
      if (role.type === 'following' && role.leader === peer) state.role = { type: 'looking' };
      if (role.type !== 'leading') return;
      if (role.epoch === null) delete role.accepted[peer];
      else if (!isEstablished(role)) delete role.reports[peer];
      else {
        role.informed.delete(peer);
        delete role.acked[peer];
        if (role.informed.size + 1 < majority(processes.length)) state.role = { type: 'looking' };
      }
    },
  });

/** Sends NEWLEADER; until it is acknowledged, the follower has nothing of the history. */
function inform(role: Draft<Established>, to: ProcessId, history: History, send: Self['send']): void {
  role.informed.add(to);
  delete role.acked[to];
  send(to, { type: 'NewLeader', epoch: role.epoch, history });
}

/** Delivers what a quorum has, and tells the synchronized followers. */
function commit(state: Draft<State>, process: Self): void {
  const { role } = state;
  if (!isEstablished(role) || role.phase !== 'broadcast') return;
  const length = quorumLength(role, process);
  const zxid = state.history[length - 1]?.zxid;
  if (length <= state.delivered || zxid === undefined) return;
  deliver(state, length, process);
  for (const to of synchronized(role, process.self)) process.send(to, { type: 'Commit', epoch: role.epoch, zxid });
}

function deliver(state: Draft<State>, length: number, { indicate }: Pick<Self, 'indicate'>): void {
  for (const transaction of state.history.slice(state.delivered, length)) indicate({ type: 'deliver', transaction });
  state.delivered = Math.max(state.delivered, length);
}

/** Whether this is a message of its leader, in the epoch in which it follows it. */
function isFollowerOf({ role, acceptedEpoch }: State, leader: ProcessId, epoch: number): boolean {
  return role.type === 'following' && role.leader === leader && role.phase !== 'discovery' && acceptedEpoch === epoch;
}

function isEstablished<R extends { readonly type: string }>(role: R): role is Extract<R, { informed: unknown }> {
  return 'informed' in role;
}

/** How much of the leader's history a quorum has. */
function quorumLength({ acked }: Established, { processes }: Pick<Self, 'processes'>): number {
  const lengths = Object.values(acked).sort((a, b) => b - a);
  return lengths[majority(processes.length) - 1] ?? 0;
}

function synchronized({ acked }: Established, self: ProcessId): ProcessId[] {
  return Object.keys(acked).filter((id) => id !== self);
}

function lastOf(history: History): Zxid | null {
  return history.at(-1)?.zxid ?? null;
}

function compareLast(a: History, b: History): number {
  return compareZxids(lastOf(a), lastOf(b));
}

/** How long the history is up to and with a zxid; 0 when it is not in there. */
export function lengthTo(history: History, zxid: Zxid | null): number {
  return zxid === null ? 0 : history.findIndex((transaction) => sameZxid(transaction.zxid, zxid)) + 1;
}

function lastDelivered({ history, delivered }: State): Zxid | null {
  return history[delivered - 1]?.zxid ?? null;
}
