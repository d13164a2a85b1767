/**
 * Composition: a protocol as a part of another one, in the same process.
 *
 * The whole's state holds the part's; the whole's handlers are the part's, run on that. What a part sends, the whole sends,
 * so the kinds of their messages must differ; what a part indicates, the whole may hand to another part.
 */

import type { Draft } from './draft.ts';
import type { AnyProcess, ProcessId, Protocol } from './protocol.ts';

/** A protocol's handlers, to be run on a state of which its own is a part. */
export interface Part<Whole extends object> {
  readonly start: (whole: Draft<Whole>, process: AnyProcess) => void;
  readonly recover: (whole: Draft<Whole>, process: AnyProcess) => void;
  readonly linkDown: (whole: Draft<Whole>, peer: ProcessId, process: AnyProcess) => void;
  readonly linkUp: (whole: Draft<Whole>, peer: ProcessId, process: AnyProcess) => void;
  /** The handler for a timer of the part. */
  readonly timeout: (timer: string) => (whole: Draft<Whole>, process: AnyProcess) => void;
  /** The handler for a kind of request to the part. */
  readonly request: (
    type: string,
  ) => (whole: Draft<Whole>, request: object, process: AnyProcess & { readonly client: string }) => void;
  /** A handler for each kind of message that the part receives. */
  readonly receive: Readonly<
    Record<string, (whole: Draft<Whole>, message: object, process: AnyProcess & { readonly from: ProcessId }) => void>
  >;
}

/**
 * @param select where the part's state is
 * @param adapt the process as the part is to see it: where its effects go, when not out of the whole
 */
export function partOf<Whole extends object, State extends object>(
  { handlers }: Protocol<State>,
  select: (whole: Draft<Whole>) => Draft<State>,
  adapt: (process: AnyProcess, whole: Draft<Whole>) => Partial<AnyProcess> = () => ({}),
): Part<Whole> {
  const within = <P extends AnyProcess>(process: P, whole: Draft<Whole>): P => ({
    ...process,
    ...adapt(process, whole),
  });
  return {
    start: (whole, process) => void handlers.start?.(select(whole), within(process, whole)),
    recover: (whole, process) => void handlers.recover?.(select(whole), within(process, whole)),
    linkDown: (whole, peer, process) => void handlers.linkDown?.(select(whole), peer, within(process, whole)),
    linkUp: (whole, peer, process) => void handlers.linkUp?.(select(whole), peer, within(process, whole)),
    timeout: (timer) => (whole, process) => void handlers.timeout[timer]?.(select(whole), within(process, whole)),
    request: (type) => (whole, request, process) =>
      void handlers.request[type]?.(select(whole), { type, ...request }, within(process, whole)),
    receive: Object.fromEntries(
      Object.entries(handlers.receive).map(([type, handler]) => [
        type,
        (whole, message, process) => void handler?.(select(whole), { type, ...message }, within(process, whole)),
      ]),
    ),
  };
}
