/** The semantics of processes on a network: every event that can happen in a state, and the state after it. */

import { canonical } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import type { Identity, ProcessId, Protocol } from '../../model/contract/protocol.ts';
import {
  born,
  crashed,
  type Effect,
  type LocalState,
  type ProcessEvent,
  restored,
  step,
} from '../../model/contract/step.ts';
import { identityOf, type ObservedStep, type ProcessInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { type Allowance, allowance, allows, type Budgeted, requestCounter, type Spent, spend } from './environment.ts';
import * as net from './network.ts';
import { isVisible, localKey, recordStep, snapshotOf, viewOf } from './observation.ts';
import type { Initial, Semantics, Successor } from './semantics.ts';

/** A process between steps, or what a crash has left of it. */
export type ProcessState =
  | { readonly up: true; readonly local: LocalState }
  | { readonly up: false; readonly kept: unknown };

/** A global state. */
export interface GlobalState {
  readonly processes: Readonly<Record<ProcessId, ProcessState>>;
  readonly transit: net.InTransit;
  readonly spent: Spent;
  readonly history: unknown;
}

/** The name under which the bound on messages in flight is reported. */
export const IN_FLIGHT = 'messages in flight';

export function processSemantics(instance: ProcessInstance): Semantics<GlobalState> {
  const { processes, network, environment, bounds, history } = instance;
  const ids = processes.map(({ id }) => id);
  const hosts = new Map(processes.map(({ id, protocol }) => [id, { protocol, identity: identityOf(instance, id) }]));

  function hostOf(id: ProcessId): { protocol: Protocol; identity: Identity } {
    const host = hosts.get(id);
    if (host === undefined) throw new ModelError(`there is no process '${id}'`);
    return host;
  }

  function initial(): Initial<GlobalState>[] {
    let transit = net.quiet(network, ids);
    let record = history.initial;
    const starts: ObservedStep<object>[] = [];
    const states: Record<ProcessId, ProcessState> = {};
    for (const id of ids) {
      const { protocol, identity } = hostOf(id);
      const { local, effects } = step(protocol, identity, born(protocol, identity), { type: 'start' });
      states[id] = { up: true, local };
      const observed = { process: id, event: { type: 'start' }, before: null, after: local.state, effects } as const;
      starts.push(observed);
      transit = sendAll(transit, id, effects);
      record = recordStep(instance, record, observed);
    }
    const state = { processes: states, transit, spent: {}, history: record };
    const beyond = ids.map((id) => beyondLocal(id, state)).find((bound) => bound !== null) ?? beyondFlight(transit);
    return [{ state, beyond, starts }];
  }

  function sendAll(transit: net.InTransit, from: ProcessId, effects: readonly Effect[]): net.InTransit {
    let after = transit;
    for (const effect of effects) {
      if (effect.type !== 'send' || effect.to === from) continue;
      hostOf(effect.to);
      after = net.send(after, { from, to: effect.to, message: effect.message });
    }
    return after;
  }

  function beyondLocal(id: ProcessId, { processes }: GlobalState): string | null {
    const process = processes[id];
    if (!process?.up) return null;
    const { state } = process.local;
    return Object.entries(bounds.local ?? {}).find(([, within]) => !within(state))?.[0] ?? null;
  }

  function beyondFlight(transit: net.InTransit): string | null {
    return net.countInFlight(transit) > (bounds.inFlight ?? Number.POSITIVE_INFINITY) ? IN_FLIGHT : null;
  }

  /** A process takes a step on what is left of the state; null when the event is disabled. */
  function stepOf(
    state: GlobalState,
    id: ProcessId,
    local: LocalState,
    happened: ProcessEvent,
    event: TraceEvent,
    rest: Partial<GlobalState>,
    consumes: boolean,
  ): Successor<GlobalState> | null {
    const { protocol, identity } = hostOf(id);
    const outcome = step(protocol, identity, local, happened);
    const changed = localKey(protocol, id, happened, local) !== localKey(protocol, id, happened, outcome.local);
    if (!changed && !consumes && !isVisible(id, outcome.effects)) return null;
    const observed = {
      process: id,
      event: happened,
      before: local.state,
      after: outcome.local.state,
      effects: outcome.effects,
    };
    const after: GlobalState = {
      spent: rest.spent ?? state.spent,
      processes: { ...state.processes, [id]: { up: true, local: outcome.local } },
      transit: sendAll(rest.transit ?? state.transit, id, outcome.effects),
      history: recordStep(instance, state.history, observed),
    };
    return {
      event,
      state: after,
      beyond: beyondLocal(id, after) ?? beyondFlight(after.transit),
      effects: outcome.effects,
    };
  }

  function environmentStep(
    state: GlobalState,
    event: TraceEvent,
    change: Partial<GlobalState>,
  ): Successor<GlobalState> {
    const after = { ...state, ...change };
    return { event, state: after, beyond: beyondFlight(after.transit), effects: [] };
  }

  function* events(state: GlobalState): Generator<Successor<GlobalState> | null> {
    const up = (id: ProcessId): LocalState | null => {
      const process = state.processes[id];
      return process?.up ? process.local : null;
    };
    const may = (kind: Budgeted, ...names: string[]): Allowance | null => {
      const allowed = allowance(kind, environment[kind] ?? (kind === 'timeouts' ? Number.POSITIVE_INFINITY : 0), names);
      return allows(state.spent, allowed) ? allowed : null;
    };

    for (const { sent, rest } of net.deliverable(state.transit)) {
      const local = up(sent.to);
      if (local === null) continue;
      const { from, to, message } = sent;
      const happened = { type: 'receive', from, message } as const;
      // The head of a queue is consumed even when the receiver ignores it; in a bag, an ignored message stays.
      yield stepOf(state, to, local, happened, { ...happened, process: to }, { transit: rest }, network === 'fifo');
    }

    for (const id of ids) {
      const local = up(id);
      for (const timer of local?.timers ?? []) {
        const allowed = may('timeouts', timer, id);
        if (local === null || allowed === null) continue;
        const happened = { type: 'timeout', timer } as const;
        yield stepOf(
          state,
          id,
          local,
          happened,
          { ...happened, process: id },
          { spent: spend(state.spent, allowed) },
          false,
        );
      }
    }

    for (const [index, { to, client = 'client', request }] of (environment.requests ?? []).entries()) {
      const allowed = { counter: requestCounter(index), limit: 1 };
      if (!allows(state.spent, allowed)) continue;
      for (const id of [to].flat()) {
        const local = up(id);
        if (local === null) continue;
        const happened = { type: 'request', client, request } as const;
        yield stepOf(
          state,
          id,
          local,
          happened,
          { ...happened, process: id },
          { spent: spend(state.spent, allowed) },
          false,
        );
      }
    }

    for (const id of ids) {
      const local = up(id);
      const allowed = may(local === null ? 'recoveries' : 'crashes', id);
      if (allowed === null) continue;
      const spent = spend(state.spent, allowed);
      const { protocol, identity } = hostOf(id);
      if (local !== null) {
        const kept = { up: false, kept: crashed(protocol, local) } as const;
        const peers = ids.filter((other) => other !== id);
        const transit = state.transit.kind === 'fifo' ? net.crashedSessions(state.transit, id, peers) : state.transit;
        yield environmentStep(
          state,
          { type: 'crash', process: id },
          { spent, transit, processes: { ...state.processes, [id]: kept } },
        );
      } else {
        const process = state.processes[id];
        const back = restored(protocol, identity, process?.up === false ? process.kept : null);
        yield stepOf(state, id, back, { type: 'recover' }, { type: 'recover', process: id }, { spent }, true);
      }
    }

    if (state.transit.kind === 'bag') {
      for (const [kind, budget, change] of [
        ['lose', 'losses', net.without],
        ['duplicate', 'duplications', net.duplicated],
      ] as const) {
        const allowed = may(budget);
        if (allowed === null) continue;
        for (const { sent } of net.deliverable(state.transit)) {
          const { from, to: process, message } = sent;
          const spent = spend(state.spent, allowed);
          yield environmentStep(
            state,
            { type: kind, process, from, message },
            { spent, transit: change(state.transit as net.InTransit & { kind: 'bag' }, sent) },
          );
        }
      }
    }

    if (state.transit.kind === 'fifo') yield* sessionEvents(state, state.transit, up, may('linkCuts'));
  }

  function* sessionEvents(
    state: GlobalState,
    transit: net.InTransit & { kind: 'fifo' },
    up: (id: ProcessId) => LocalState | null,
    cuts: Allowance | null,
  ): Generator<Successor<GlobalState> | null> {
    for (const process of ids) {
      for (const peer of ids.slice(ids.indexOf(process) + 1)) {
        if (up(process) === null || up(peer) === null) continue;
        const sides = [net.sessionOf(transit, peer, process), net.sessionOf(transit, process, peer)];
        if (cuts !== null && sides.includes('up') && sides.every((side) => side === 'up' || side === 'opening')) {
          const spent = spend(state.spent, cuts);
          yield environmentStep(
            state,
            { type: 'cut', process, peer },
            { spent, transit: net.cut(transit, process, peer) },
          );
        }
        if (sides.every((side) => side === 'down')) {
          yield environmentStep(
            state,
            { type: 'connect', process, peer },
            { transit: net.connect(transit, process, peer) },
          );
        }
      }
    }
    for (const process of ids) {
      const local = up(process);
      if (local === null) continue;
      for (const peer of ids) {
        if (peer === process) continue;
        const session = net.sessionOf(transit, peer, process);
        if (session !== 'closing' && session !== 'opening') continue;
        const type = session === 'closing' ? 'linkDown' : 'linkUp';
        const after = net.learn(transit, peer, process, session === 'closing' ? 'down' : 'up');
        yield stepOf(state, process, local, { type, peer }, { type, process, peer }, { transit: after }, true);
      }
    }
  }

  return {
    initial,
    successors: (state) => [...events(state)].filter((successor) => successor !== null),
    seen({ processes, history }) {
      const live = ids.flatMap((id) => (processes[id]?.up ? [[id, processes[id].local.state] as const] : []));
      return snapshotOf(
        live.map(([id, local]) => [id, viewOf(instance, id, local)]),
        ids.filter((id) => !processes[id]?.up),
        history,
      );
    },
    key: canonical,
  };
}
