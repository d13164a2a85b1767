/** The account of a run: what happened in it, step by step, in words. Terminal and page are two ways to print it. */

import { canonical, equal } from '../../model/contract/data.ts';
import type { AnyTagged, Identity, ProcessId, Protocol } from '../../model/contract/protocol.ts';
import { born, type Effect, type LocalState, restored } from '../../model/contract/step.ts';
import { type Instance, identityOf, type ProcessInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { type Run, type RunStep, replay } from '../replay.ts';
import type { GlobalState } from '../semantics/processes.ts';
import { type Change, changesOf } from './changes.ts';
import { type Ending, endingOf, type ReportedRun } from './ending.ts';
import { goneNowhere, vanished } from './flights.ts';
import { type Formatter, formatterOf, isRecord } from './format.ts';
import { headline, list, receivers, sendings } from './wording.ts';

export interface Account {
  readonly steps: readonly ToldStep[];
  /** Of a run that goes on for ever: how many steps come before those that are repeated; null of one that just ends. */
  readonly loop: number | null;
  readonly ending: Ending;
}

export interface ToldStep {
  /** 0 for what happens before the first event: processes that start, an initial state. */
  readonly number: number;
  /** Who took the step; null for the environment. */
  readonly process: ProcessId | null;
  readonly headline: string;
  readonly lines: readonly ToldLine[];
}

/** Something that a step brought about: `about` names what it is about (a field, say), `text` says what became of it. */
export interface ToldLine {
  readonly kind: 'change' | 'send' | 'timer' | 'answer' | 'loss';
  readonly about: string;
  readonly text: string;
}

export function accountOf(instance: Instance, reported: ReportedRun): Account {
  const run = replay(instance, reported);
  const format = formatterOf(instance);
  const steps = run.steps.map((step, index): ToldStep => {
    const number = index + 1;
    const lines =
      instance.kind === 'processes'
        ? linesOf(instance, step, format)
        : changesOf(step.before, step.after, format).map(changed);
    return { number, process: actorOf(step.event), headline: headline(step.event, format), lines };
  });
  const ending = endingOf(instance, reported, run);
  return { steps: [...opening(instance, run, format), ...steps], loop: run.loop, ending };
}

/** The process whose step an event is; null when it happens to messages or links. */
export function actorOf(event: TraceEvent): ProcessId | null {
  switch (event.type) {
    case 'action':
    case 'lose':
    case 'duplicate':
    case 'cut':
    case 'connect':
      return null;
    default:
      return event.process;
  }
}

/** Of a bare system its initial state; of processes what those do that do something when they start. */
function opening(instance: Instance, { initial }: Run, format: Formatter): ToldStep[] {
  if (instance.kind === 'transitions') {
    const { state } = initial;
    const lines = isRecord(state)
      ? Object.entries(state).map(([field, item]) => line('change', `${field}:`, format.value(item)))
      : [line('change', '', format.value(state))];
    return [{ number: 0, process: null, headline: 'at first', lines }];
  }
  const alike = new Map<string, { processes: ProcessId[]; lines: ToldLine[] }>();
  for (const { process, after, effects } of initial.starts) {
    const identity = identityOf(instance, process);
    const fresh = born(protocolOf(instance, process), identity);
    const timers = localOf(initial.state as GlobalState, process)?.timers ?? [];
    const lines = [
      ...changesOf(fresh.state, after, format).map(changed),
      ...effectLines(instance, identity, effects, [], timers, format),
    ];
    const same = alike.get(canonical(lines)) ?? { processes: [], lines };
    same.processes.push(process);
    alike.set(canonical(lines), same);
  }
  return [...alike.values()]
    .filter(({ lines }) => lines.length > 0)
    .map(({ processes, lines }) => ({
      number: 0,
      process: processes.length === 1 ? (processes[0] ?? null) : null,
      headline: `${list(processes)} ${processes.length === 1 ? 'starts' : 'start'}`,
      lines,
    }));
}

function linesOf(instance: ProcessInstance, step: RunStep, format: Formatter): ToldLine[] {
  const { event } = step;
  const before = step.before as GlobalState;
  const after = step.after as GlobalState;
  const process = actorOf(event);
  const losses = vanished(before, event, after).map(({ from, to, message }) =>
    line('loss', `${format.tagged(message)} from ${from} to ${to}`, 'is lost on the way'),
  );
  if (process === null) return [];
  const identity = identityOf(instance, process);
  const protocol = protocolOf(instance, process);
  if (event.type === 'crash') return [...crashLines(protocol, identity, before, after, format), ...losses];
  const was = localBefore(protocol, identity, before, event);
  const is = localOf(after, process);
  if (is === null) return losses;
  const nowhere = goneNowhere(process, step.effects, after).map(({ to, message }) =>
    line('loss', `${format.tagged(message)} to ${to}`, 'goes nowhere: there is no session'),
  );
  return [
    ...losses,
    ...changesOf(was.state, is.state, format).map(changed),
    ...effectLines(instance, identity, step.effects, was.timers, is.timers, format),
    ...nowhere,
  ];
}

function protocolOf({ processes }: ProcessInstance, process: ProcessId): Protocol {
  const hosted = processes.find(({ id }) => id === process);
  if (hosted === undefined) throw new Error(`there is no process '${process}'`);
  return hosted.protocol;
}

function localOf({ processes }: GlobalState, process: ProcessId): LocalState | null {
  const state = processes[process];
  return state?.up === true ? state.local : null;
}

/** What a process takes a step from: a timer that fires is disarmed first, a recovering process is born anew. */
function localBefore(protocol: Protocol, identity: Identity, before: GlobalState, event: TraceEvent): LocalState {
  const state = before.processes[identity.self];
  if (state?.up !== true) return restored(protocol, identity, state?.kept ?? null);
  if (event.type !== 'timeout') return state.local;
  return { ...state.local, timers: state.local.timers.filter((timer) => timer !== event.timer) };
}

/** What a crash leaves: the fields that are as they were, unless they never changed, and those that are not. */
function crashLines(
  protocol: Protocol,
  identity: Identity,
  before: GlobalState,
  after: GlobalState,
  format: Formatter,
): ToldLine[] {
  const was = localOf(before, identity.self);
  const crashed = after.processes[identity.self];
  if (was === null || crashed?.up !== false) return [];
  const fields = (state: object) => state as Readonly<Record<string, unknown>>;
  const fresh = fields(born(protocol, identity).state);
  const left = fields(restored(protocol, identity, crashed.kept).state);
  const told = Object.entries(fields(was.state)).filter(([field, item]) => !equal(item, fresh[field] ?? null));
  const part = (verb: string, of: typeof told) =>
    of.length === 0
      ? []
      : [line('change', verb, of.map(([field, item]) => `${field}: ${format.value(item)}`).join(', '))];
  return [
    ...part(
      'keeps',
      told.filter(([field, item]) => equal(item, left[field] ?? null)),
    ),
    ...part(
      'forgets',
      told.filter(([field, item]) => !equal(item, left[field] ?? null)),
    ),
  ];
}

function effectLines(
  instance: ProcessInstance,
  identity: Identity,
  effects: readonly Effect[],
  timersBefore: readonly string[],
  timersAfter: readonly string[],
  format: Formatter,
): ToldLine[] {
  const sends = sendings(effects).map(({ message, to }) =>
    line('send', 'sends', `${format.tagged(message)} to ${receivers(to, identity, instance.processes.length)}`),
  );
  const answers = effects.flatMap((effect) => {
    if (effect.type === 'respond') return [answer(`answers ${effect.client}:`, effect.response, format)];
    if (effect.type === 'indicate') return [answer('tells its user:', effect.indication, format)];
    return [];
  });
  const armed = timersAfter.filter((timer) => !timersBefore.includes(timer));
  const disarmed = timersBefore.filter((timer) => !timersAfter.includes(timer));
  return [...sends, ...answers, ...timerLines('sets', armed), ...timerLines('cancels', disarmed)];
}

function timerLines(verb: string, timers: readonly string[]): ToldLine[] {
  if (timers.length === 0) return [];
  return [line('timer', verb, `${timers.length === 1 ? 'timer' : 'timers'} ${list(timers)}`)];
}

function answer(about: string, what: AnyTagged, format: Formatter): ToldLine {
  return line('answer', about, format.tagged(what));
}

function changed({ path, change }: Change): ToldLine {
  return line('change', path === '' ? '' : `${path}:`, change);
}

function line(kind: ToldLine['kind'], about: string, text: string): ToldLine {
  return { kind, about, text };
}
