/**
 * Chance: with fair coins, how probable a decision is within so many rounds, whatever the scheduler does.
 *
 * The configurations with their events are a Markov decision process: the scheduler, who sees everything, picks the next
 * event; when that is a coin, chance picks the face. What is computed is the least probability over all schedulers that
 * some process has decided before round k + 1 begins, exactly, by backward induction over the rounds that are left (Puterman,
 * "Markov Decision Processes", 1994, chapter 4). A scheduler may also leave one process out for ever: that is a crash.
 */

import { BEYOND, type Configurations, edgesOf } from './configurations.ts';
import { compare, plus, type Rational, rational, times } from './rational.ts';
import type { Valences } from './valence.ts';

export interface Chance {
  /** By number of rounds, from 1: the least probability of a decision within them, from the initial configuration. */
  readonly within: readonly Rational[];
  /**
   * The least number of further rounds within which a decision has a positive probability from every configuration, and
   * the least such probability; null when there is none among those that were computed. When there is one, a decision
   * comes with probability 1: again and again there is such a chance.
   */
  readonly everywhere: { readonly rounds: number; readonly probability: Rational } | null;
}

const ZERO = rational(0n);
const ONE = rational(1n);

/** An event, or a coin with its faces: the edges of which chance picks one. */
type Action = readonly number[];

/**
 * @param rounds how many rounds to look ahead
 * @returns null when a round may go on for ever, so that rounds measure nothing
 */
export function chanceOf(graph: Configurations, { decided }: Valences, rounds: number): Chance | null {
  const order = orderWithinRounds(graph);
  if (order === null) return null;
  const actions = graph.configurations.map((_, at) => actionsOf(graph, at));
  const within: Rational[] = [];
  let everywhere: Chance['everywhere'] = null;
  let fewer: readonly (Rational | null)[] = [];
  for (let left = 0; left <= rounds; left++) {
    const least: (Rational | null)[] = [];
    const worth = (edge: number): Rational | null => {
      const to = graph.target[edge] as number;
      if (to === BEYOND) return null;
      if (!graph.newRound[edge]) return least[to] ?? null;
      return left === 0 ? ZERO : (fewer[to] ?? null);
    };
    for (const at of order) least[at] = decided[at] === 0 ? leastOf(actions[at] ?? [], worth) : ONE;
    const worst = least.reduce<Rational | null>(
      (a, b) => (a === null || (b !== null && compare(b, a) < 0) ? b : a),
      null,
    );
    if (left > 0) within.push(least[0] ?? ZERO);
    if (left > 0 && everywhere === null && worst !== null && compare(worst, ZERO) > 0)
      everywhere = { rounds: left, probability: worst };
    fewer = least;
  }
  return { within, everywhere };
}

/** The least over the actions that stay within the bounds; 0 where nothing can happen, null where everything is beyond. */
function leastOf(actions: readonly Action[], worth: (edge: number) => Rational | null): Rational | null {
  if (actions.length === 0) return ZERO;
  return actions.reduce<Rational | null>((least, action) => {
    const share = rational(1n, BigInt(action.length));
    const value = action.reduce<Rational | null>((sum, edge) => {
      const part = worth(edge);
      return sum === null || part === null ? null : plus(sum, times(share, part));
    }, ZERO);
    return value !== null && (least === null || compare(value, least) < 0) ? value : least;
  }, null);
}

function actionsOf(graph: Configurations, configuration: number): Action[] {
  const coin = graph.world.instance.consensus.coin ?? [];
  const actions: number[][] = [];
  const tosses = new Map<number, number[]>();
  for (const edge of edgesOf(graph, configuration)) {
    const { process, event } = graph.world.events.value(graph.event[edge] as number);
    if (event.type !== 'timeout' || !coin.includes(event.timer)) {
      actions.push([edge]);
      continue;
    }
    const faces = tosses.get(process) ?? [];
    if (faces.length === 0) actions.push(faces);
    faces.push(edge);
    tosses.set(process, faces);
  }
  return actions;
}

/** The configurations, each after those that it leads to without a new round; null when there is a cycle of such. */
function orderWithinRounds(graph: Configurations): number[] | null {
  const { configurations, target, newRound } = graph;
  const order: number[] = [];
  const state = new Uint8Array(configurations.length);
  for (const root of configurations.keys()) {
    if (state[root] !== 0) continue;
    const path = [{ at: root, edges: edgesOf(graph, root) }];
    state[root] = 1;
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = top.edges.pop();
      if (edge === undefined) {
        state[top.at] = 2;
        order.push(top.at);
        path.pop();
        continue;
      }
      const to = target[edge] as number;
      if (to === BEYOND || newRound[edge] || state[to] === 2) continue;
      if (state[to] === 1) return null;
      state[to] = 1;
      path.push({ at: to, edges: edgesOf(graph, to) });
    }
  }
  return order;
}
