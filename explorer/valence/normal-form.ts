/**
 * Configurations up to numbers of which only the order matters: each is replaced by one that stands for all those that agree
 * with it but for the numbers.
 */

import type { Ordered } from '../../model/contract/consensus.ts';
import { canonical } from '../../model/contract/data.ts';
import { freeze } from '../../model/contract/draft.ts';
import { ascending, type Configuration } from './configuration.ts';
import type { ProcessSteps } from './process-steps.ts';
import { type Renumbering, renumbered, renumbering } from './renumbering.ts';

/** Under which id an event goes on after the numbers of a configuration have been replaced. */
export type EventRenaming = (event: number) => number;

/** A replacement of numbers, and what it has been found to make of local states and messages. */
interface Replacement {
  readonly index: number;
  readonly map: Renumbering;
  readonly locals: Map<number, number>;
  readonly messages: Map<number, number>;
}

export class NormalForm {
  /** The first one changes nothing. */
  readonly renamings: EventRenaming[] = [(event) => event];
  readonly #steps: ProcessSteps;
  readonly #ordered: Ordered | null;
  readonly #replacements = new Map<string, Replacement>();

  /** @param ordered null when no numbers are replaced */
  constructor(steps: ProcessSteps, ordered: Ordered | null) {
    this.#steps = steps;
    this.#ordered = ordered;
  }

  /** The configuration with its numbers replaced, and which replacement that was. */
  of(raw: Configuration): { to: Configuration; renaming: number } {
    const map = this.#ordered === null ? null : renumbering(this.#numbers(raw), this.#ordered);
    if (map === null) return { to: raw, renaming: 0 };
    const replacement = this.#replacement(map);
    const processes = this.#steps.ids.length;
    const head = raw.slice(0, processes + 1).map((id, at) => (at < processes ? this.#renewLocal(id, replacement) : id));
    const buffer = raw.slice(processes + 1).map((id) => this.#renewMessage(id, replacement));
    return { to: [...head, ...buffer.sort(ascending)], renaming: replacement.index };
  }

  /** The highest number in a configuration. */
  highest(configuration: Configuration): number {
    return this.#ordered === null ? 0 : Math.max(0, ...this.#numbers(configuration));
  }

  #numbers(configuration: Configuration): Set<number> {
    const { ids, locals, messages } = this.#steps;
    const all = new Set<number>();
    for (let at = 0; at < configuration.length; at++) {
      if (at === ids.length) continue;
      const part = at < ids.length ? locals : messages;
      for (const number of part.value(configuration[at] as number).numbers) all.add(number);
    }
    return all;
  }

  #replacement(map: Renumbering): Replacement {
    const text = [...map].join(' ');
    const known = this.#replacements.get(text);
    if (known !== undefined) return known;
    const fresh = { index: this.renamings.length, map, locals: new Map(), messages: new Map() };
    this.#replacements.set(text, fresh);
    this.renamings.push((event) => {
      const { message } = this.#steps.events.value(event);
      return message === null ? event : this.#steps.messages.value(this.#renewMessage(message, fresh)).receipt;
    });
    return fresh;
  }

  #renewLocal(id: number, { map, locals }: Replacement): number {
    return remembered(locals, id, () => {
      const { process, local, numbers } = this.#steps.locals.value(id);
      if (this.#ordered === null || numbers.length === 0) return id;
      const state = freeze(renumbered(local.state, this.#ordered, map) as object, true);
      const renewed = { ...local, state };
      return this.#steps.internLocal(process, renewed, canonical(renewed));
    });
  }

  #renewMessage(id: number, { map, messages }: Replacement): number {
    return remembered(messages, id, () => {
      const { event, numbers } = this.#steps.messages.value(id);
      if (this.#ordered === null || numbers.length === 0) return id;
      const message = freeze(renumbered(event.message, this.#ordered, map) as typeof event.message, true);
      return this.#steps.internMessage({ ...event, message });
    });
  }
}

function remembered(known: Map<number, number>, id: number, compute: () => number): number {
  const found = known.get(id) ?? compute();
  known.set(id, found);
  return found;
}
