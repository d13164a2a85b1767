/**
 * Runs without one process: it takes no steps, as if it had crashed, and what is sent to it or has come from it is left
 * alone. The bounds of the graph do not matter here, since messages to a silent process would only fill them up; budgets do.
 */

import type { Configuration } from './configuration.ts';
import type { TheoremWorld } from './world.ts';

/** More configurations than this are not looked at. */
const MOST = 50_000;

/**
 * @returns the events of a shortest run from a configuration on which some process decides; null when no process can;
 * undefined when there was too much to look at, or more than the budgets allow
 */
export function decidingWithout(
  world: TheoremWorld,
  from: Configuration,
  process: number,
): readonly number[] | null | undefined {
  const id = world.ids[process];
  interface Node {
    readonly at: Configuration;
    readonly event: number | null;
    readonly before: Node | null;
  }
  const isDecided = (at: Configuration) => world.ids.some((_, other) => world.decided(at, other) !== null);
  const known = new Set<string>();
  let cut = false;
  const queue: Node[] = [{ at: world.withoutMessagesOf(from, process), event: null, before: null }];
  for (const node of queue) {
    if (isDecided(node.at)) return eventsTo(node);
    if (queue.length > MOST) return undefined;
    for (const event of world.applicable(node.at)) {
      const { process: taker, event: happened } = world.events.value(event);
      if (taker === process || (happened.type === 'receive' && happened.from === id)) continue;
      if (!world.isInBudget(node.at, event)) {
        cut = true;
        continue;
      }
      const at = world.withoutMessagesOf(world.takeAsIs(node.at, event), process);
      const key = world.normal(at).to.join(' ');
      if (known.has(key)) continue;
      known.add(key);
      queue.push({ at, event, before: node });
    }
  }
  return cut ? undefined : null;
}

function eventsTo(last: { readonly event: number | null; readonly before: unknown }): number[] {
  const events: number[] = [];
  for (let at = last; at.event !== null; at = at.before as typeof last) events.unshift(at.event);
  return events;
}
