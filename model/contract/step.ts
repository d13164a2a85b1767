/** One step of one process: the transition function of a protocol, applied. Explorer and runtime both call this. */

import { clearlyFits } from './clear-fit.ts';
import { canonical, requirePlain, snapshot } from './data.ts';
import { edited, freeze } from './draft.ts';
import { ModelError, messageOf } from './errors.ts';
import type { AnyProcess, AnyTagged, Identity, ProcessId, Protocol } from './protocol.ts';

/** What can happen to a process. */
export type ProcessEvent =
  | { readonly type: 'start' }
  | { readonly type: 'receive'; readonly from: ProcessId; readonly message: AnyTagged }
  | { readonly type: 'timeout'; readonly timer: string }
  | { readonly type: 'request'; readonly client: string; readonly request: AnyTagged }
  | { readonly type: 'recover' }
  | { readonly type: 'linkDown'; readonly peer: ProcessId }
  | { readonly type: 'linkUp'; readonly peer: ProcessId };

/** What a step causes outside the process, in order. Messages to oneself are listed too, though already handled. */
export type Effect =
  | { readonly type: 'send'; readonly to: ProcessId; readonly message: AnyTagged }
  | { readonly type: 'setTimer'; readonly timer: string }
  | { readonly type: 'cancelTimer'; readonly timer: string }
  | { readonly type: 'respond'; readonly client: string; readonly response: AnyTagged }
  | { readonly type: 'indicate'; readonly indication: AnyTagged };

/** A process as it is between two steps: the protocol's state and the timers that are armed, in sorted order. */
export interface LocalState {
  readonly state: object;
  readonly timers: readonly string[];
}

export interface Outcome {
  readonly local: LocalState;
  readonly effects: readonly Effect[];
}

/** More messages to itself than this in one step means that the handlers never stop. */
const MOST_SELF_MESSAGES = 10_000;

/** The state of a process before its `start`. */
export function born(protocol: Protocol, identity: Identity): LocalState {
  try {
    return { state: freeze(protocol.init(identity), true), timers: [] };
  } catch (thrown) {
    throw new ModelError(`${protocol.name}: init of ${identity.self} threw ${messageOf(thrown)}`);
  }
}

/** What is left of a process after a crash: the durable part of its state. */
export function crashed(protocol: Protocol, local: LocalState): unknown {
  return protocol.durable.keep(local.state);
}

/** A crashed process as it comes back, before its `recover`: born anew, with the durable part put back. */
export function restored(protocol: Protocol, identity: Identity, kept: unknown): LocalState {
  return { state: freeze(protocol.durable.restore(born(protocol, identity).state, kept), true), timers: [] };
}

/**
 * Applies an event to a process. The given state is not changed. A timer that fires is disarmed first.
 *
 * @param isNew false for a step that a node has taken before: whether what it sends fits the schemas was asked then
 * @throws ModelError when the handler throws, returns a promise, or sends what its schemas do not allow.
 */
export function step(
  protocol: Protocol,
  identity: Identity,
  local: LocalState,
  event: ProcessEvent,
  isNew = true,
): Outcome {
  const effects: Effect[] = [];
  const toSelf: AnyTagged[] = [];
  // Most steps leave the timers as they are: the list is copied when it changes.
  let timers = event.type === 'timeout' ? without(local.timers, event.timer) : local.timers;

  const process: HandlerProcess = {
    self: identity.self,
    processes: identity.processes,
    peers: identity.peers,
    from: undefined,
    client: undefined,
    send(to: ProcessId, message: AnyTagged): void {
      sent(to, plain(message, 'message'));
    },
    broadcast(message: AnyTagged): void {
      const copy = plain(message, 'message');
      for (const to of identity.processes) sent(to, copy);
    },
    setTimer(timer: string): void {
      if (!protocol.timers.includes(timer)) throw new Error(`there is no timer '${timer}'`);
      if (!timers.includes(timer)) timers = [...timers, timer].sort();
      effects.push({ type: 'setTimer', timer });
    },
    cancelTimer(timer: string): void {
      timers = without(timers, timer);
      effects.push({ type: 'cancelTimer', timer });
    },
    respond(client: string, response: AnyTagged): void {
      effects.push({ type: 'respond', client, response: plain(response, 'response') });
    },
    indicate(indication: AnyTagged): void {
      effects.push({ type: 'indicate', indication: plain(indication, 'indication') });
    },
  };

  function sent(to: ProcessId, message: AnyTagged): void {
    effects.push({ type: 'send', to, message });
    if (to === identity.self) toSelf.push(message);
  }

  function plain(value: AnyTagged, kind: 'message' | 'response' | 'indication'): AnyTagged {
    const copy = snapshot(value) as AnyTagged;
    const schema = protocol.schemas[kind];
    if (!isNew || clearlyFits(schema, copy)) return copy;
    requirePlain(copy);
    const parsed = schema.safeParse(copy);
    if (parsed.success) return copy;
    const issue = parsed.error.issues[0];
    throw new Error(
      `${kind} ${canonicalOr(copy)} does not fit its schema: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    );
  }

  const run = (draft: object, happened: ProcessEvent): void => {
    const returned = dispatch(protocol, draft, happened, process);
    if (returned instanceof Promise) throw new Error('it returned a promise; a handler is synchronous');
  };

  let state: object;
  try {
    state = edited(local.state, (draft: object) => {
      run(draft, event);
      for (let handled = 0; handled < toSelf.length; handled++) {
        if (handled > MOST_SELF_MESSAGES) throw new Error('it sends messages to itself without end');
        const message = toSelf[handled];
        if (message !== undefined) run(draft, { type: 'receive', from: identity.self, message });
      }
    });
  } catch (thrown) {
    throw new ModelError(
      `${protocol.name}: handler ${handlerName(event)} of ${identity.self} failed: ${messageOf(thrown)}\n` +
        `  event: ${canonicalOr(event)}\n  state: ${canonicalOr(local.state)}`,
    );
  }
  return { local: { state, timers }, effects };
}

/** What every handler is given; who sent the message, and who made the request, is set while the handler of one runs. */
interface HandlerProcess extends AnyProcess {
  from: ProcessId | undefined;
  client: string | undefined;
}

function dispatch(protocol: Protocol, draft: object, event: ProcessEvent, process: HandlerProcess): unknown {
  const { handlers } = protocol;
  process.from = event.type === 'receive' ? event.from : undefined;
  process.client = event.type === 'request' ? event.client : undefined;
  switch (event.type) {
    case 'start':
      return handlers.start?.(draft, process);
    case 'receive':
      return handlers.receive[event.message.type]?.(draft, event.message, process as ReceiverProcess);
    case 'timeout':
      return handlers.timeout[event.timer]?.(draft, process);
    case 'request':
      return handlers.request[event.request.type]?.(draft, event.request, process as ServerProcess);
    case 'recover':
      return handlers.recover?.(draft, process);
    case 'linkDown':
      return handlers.linkDown?.(draft, event.peer, process);
    case 'linkUp':
      return handlers.linkUp?.(draft, event.peer, process);
  }
}

type ReceiverProcess = HandlerProcess & { from: ProcessId };
type ServerProcess = HandlerProcess & { client: string };

function without(timers: readonly string[], timer: string): readonly string[] {
  return timers.includes(timer) ? timers.filter((other) => other !== timer) : timers;
}

/** The handler that an event runs, as an error message names it: `receive.Prepare`, `timeout.retry`, `start`. */
export function handlerName(event: ProcessEvent): string {
  switch (event.type) {
    case 'receive':
      return `receive.${event.message.type}`;
    case 'timeout':
      return `timeout.${event.timer}`;
    case 'request':
      return `request.${event.request.type}`;
    default:
      return event.type;
  }
}

function canonicalOr(value: unknown): string {
  try {
    return canonical(value);
  } catch (thrown) {
    return messageOf(thrown);
  }
}
