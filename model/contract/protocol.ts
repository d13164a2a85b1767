/**
 * The contract of a protocol: one pure function per process, `(state, event) -> (state, effects)`, written as a handler
 * for each message, timer and request.
 *
 * A handler is an immer recipe: it edits a draft of the state and calls the process for its effects. It must be a
 * function of its arguments alone: no clock, no randomness, no I/O, no variables outside. A handler whose guard fails
 * just returns; an event that changes nothing and causes no effect is *disabled* in that state.
 */

import { z } from 'zod';
import type { Draft } from './draft.ts';

/** The name of a process, such as `n1`. */
export type ProcessId = string;

/** The fields of each kind of message (or request, response, indication): a schema per field, for types and wire alike. */
export type Shapes = Readonly<Record<string, z.ZodRawShape>>;

/** The values that the shapes describe: a union of plain objects told apart by their `type`. */
export type Tagged<S extends Shapes> = { [K in keyof S & string]: { readonly type: K } & Fields<S[K]> }[keyof S &
  string];

type Fields<Shape extends z.ZodRawShape> = { readonly [F in keyof Shape]: z.infer<Shape[F]> };

/** Who a process is and whom it knows. */
export interface Identity {
  readonly self: ProcessId;
  /** All processes that run this protocol, itself included, in the system's order. */
  readonly processes: readonly ProcessId[];
  /** The same without itself. */
  readonly peers: readonly ProcessId[];
}

/** What a handler can see and do besides editing its state. Effects take place in the order of the calls. */
export interface Process<Message = never, Timer extends string = never, Response = never, Indication = never>
  extends Identity {
  /** Sends to one process. A message to oneself is handled within the same step, after the handler that sent it. */
  send(to: ProcessId, message: Message): void;
  /** Sends to every process of the protocol, itself included, in order. */
  broadcast(message: Message): void;
  /** Arms a timer: it may fire at any time from now on, once. In the runtime, arming again starts its wait anew. */
  setTimer(timer: Timer): void;
  cancelTimer(timer: Timer): void;
  /** Answers a client's request. */
  respond(client: string, response: Response): void;
  /** Tells whoever uses the protocol that something is so: decided, delivered, elected. */
  indicate(indication: Indication): void;
}

/** The durable part of a state: what a crash leaves, and how a process starts again from it. */
export interface Durable<State> {
  keep(state: State): unknown;
  restore(fresh: State, kept: unknown): State;
}

/** A protocol as its author writes it. `State` is inferred from `init`. */
export interface ProtocolDefinition<
  State extends object,
  Messages extends Shapes,
  Requests extends Shapes,
  Responses extends Shapes,
  Indications extends Shapes,
  Timer extends string,
> {
  readonly name: string;
  /** Raised when messages or durable state change their meaning; peers of different versions do not talk. */
  readonly version: number;
  readonly messages: Messages;
  readonly requests?: Requests;
  readonly responses?: Responses;
  readonly indications?: Indications;
  readonly timers?: readonly Timer[];
  /** The state in which a process is born. */
  init(identity: Identity): State;
  /**
   * The fields that survive a crash, on disk before any effect of the step that changed them leaves the process; or, for
   * a nested state, how to take out and put back what survives. Default: none.
   */
  readonly durable?: readonly (keyof State & string)[] | Durable<State>;
  /** Runs once in every process before anything else happens. */
  start?(state: Draft<State>, process: HandlerProcess<Messages, Responses, Indications, Timer>): void;
  readonly receive: {
    readonly [K in keyof Messages & string]?: (
      state: Draft<State>,
      message: { readonly type: K } & Fields<Messages[K]>,
      process: HandlerProcess<Messages, Responses, Indications, Timer> & { readonly from: ProcessId },
    ) => void;
  };
  readonly request?: {
    readonly [K in keyof Requests & string]: (
      state: Draft<State>,
      request: { readonly type: K } & Fields<Requests[K]>,
      process: HandlerProcess<Messages, Responses, Indications, Timer> & { readonly client: string },
    ) => void;
  };
  readonly timeout?: {
    readonly [T in Timer]: (
      state: Draft<State>,
      process: HandlerProcess<Messages, Responses, Indications, Timer>,
    ) => void;
  };
  /** Runs when a crashed process comes back: the state is that of `init` with the durable part put back. */
  recover?(state: Draft<State>, process: HandlerProcess<Messages, Responses, Indications, Timer>): void;
  /** The session with a peer was lost; messages of either direction may be gone. */
  linkDown?(
    state: Draft<State>,
    peer: ProcessId,
    process: HandlerProcess<Messages, Responses, Indications, Timer>,
  ): void;
  /** There is a new session with a peer. */
  linkUp?(state: Draft<State>, peer: ProcessId, process: HandlerProcess<Messages, Responses, Indications, Timer>): void;
}

type HandlerProcess<
  Messages extends Shapes,
  Responses extends Shapes,
  Indications extends Shapes,
  Timer extends string,
> = Process<Tagged<Messages>, Timer, Tagged<Responses>, Tagged<Indications>>;

/** A plain tagged value whose exact type has been forgotten. */
export interface AnyTagged {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A process whose messages' types have been forgotten. */
export type AnyProcess = Process<AnyTagged, string, AnyTagged, AnyTagged>;

/** A protocol as explorer and runtime see it: the types of its messages forgotten, its schemas kept. */
export interface Protocol<State extends object = object> {
  readonly name: string;
  readonly version: number;
  readonly schemas: { readonly [K in 'message' | 'request' | 'response' | 'indication']: z.ZodType };
  readonly timers: readonly string[];
  readonly durable: Durable<State>;
  init(identity: Identity): State;
  readonly handlers: Handlers;
}

/** The handlers of a protocol by event, untyped. */
export interface Handlers {
  readonly start: ((state: object, process: AnyProcess) => unknown) | undefined;
  readonly recover: ((state: object, process: AnyProcess) => unknown) | undefined;
  readonly linkDown: ((state: object, peer: ProcessId, process: AnyProcess) => unknown) | undefined;
  readonly linkUp: ((state: object, peer: ProcessId, process: AnyProcess) => unknown) | undefined;
  readonly receive: Readonly<
    Record<
      string,
      ((state: object, message: AnyTagged, process: AnyProcess & { from: ProcessId }) => unknown) | undefined
    >
  >;
  readonly request: Readonly<
    Record<
      string,
      ((state: object, request: AnyTagged, process: AnyProcess & { client: string }) => unknown) | undefined
    >
  >;
  readonly timeout: Readonly<Record<string, ((state: object, process: AnyProcess) => unknown) | undefined>>;
}

/** Makes a protocol of its definition. */
export function protocol<
  State extends object,
  Messages extends Shapes,
  Requests extends Shapes = Record<never, never>,
  Responses extends Shapes = Record<never, never>,
  Indications extends Shapes = Record<never, never>,
  const Timer extends string = never,
>(definition: ProtocolDefinition<State, Messages, Requests, Responses, Indications, Timer>): Protocol<State> {
  // The one place where the types of a definition are forgotten: the schemas stand in for them at run time.
  const untyped = definition as unknown as Handlers;
  return {
    name: definition.name,
    version: definition.version,
    schemas: {
      message: union(definition.messages),
      request: union(definition.requests ?? {}),
      response: union(definition.responses ?? {}),
      indication: union(definition.indications ?? {}),
    },
    timers: definition.timers ?? [],
    durable: durablePart(definition.durable ?? []),
    init: (identity) => definition.init(identity),
    handlers: {
      start: untyped.start,
      recover: untyped.recover,
      linkDown: untyped.linkDown,
      linkUp: untyped.linkUp,
      receive: untyped.receive,
      request: untyped.request ?? {},
      timeout: untyped.timeout ?? {},
    },
  };
}

function union(shapes: Shapes): z.ZodType {
  const [first, ...rest] = Object.entries(shapes).map(([type, fields]) =>
    z.strictObject({ type: z.literal(type), ...fields }),
  );
  return first === undefined ? z.never() : z.discriminatedUnion('type', [first, ...rest]);
}

function durablePart<State extends object>(
  durable: readonly (keyof State & string)[] | Durable<State>,
): Durable<State> {
  if ('keep' in durable) return durable;
  return {
    keep(state) {
      const kept: Partial<State> = {};
      for (const field of durable) kept[field] = state[field];
      return kept;
    },
    restore: (fresh, kept) => ({ ...fresh, ...(kept as Partial<State>) }),
  };
}
