/**
 * Strongly connected components of a part of a graph, by Tarjan's algorithm (Depth-first search and linear graph
 * algorithms, SIAM J. Comput. 1972) without recursion, over typed arrays that are used again.
 */

import type { StateGraph } from '../graph/state-graph.ts';

/** The edges of a graph: those of state `s` are `targets[offsets[s]]` to `targets[offsets[s + 1] - 1]`. */
export type Adjacency = Pick<StateGraph, 'size' | 'offsets' | 'targets'>;

export class StrongComponents {
  readonly #graph: Adjacency;
  /** By state: when it was visited, from 1, in the present search; and the earliest visit that it leads back to. */
  readonly #visit: Int32Array;
  readonly #low: Int32Array;
  /** The path that is being searched, and how far each state on it has come. */
  readonly #path: Int32Array;
  readonly #next: Int32Array;
  /** The states whose component is not known yet. */
  readonly #open: Int32Array;

  constructor(graph: Adjacency) {
    this.#graph = graph;
    this.#visit = new Int32Array(graph.size);
    this.#low = new Int32Array(graph.size);
    this.#path = new Int32Array(graph.size);
    this.#next = new Int32Array(graph.size);
    this.#open = new Int32Array(graph.size);
  }

  /**
   * Finds the components of the subgraph of the states that carry a label, among the given ones, which must be all that
   * carry it. A state by itself is a component too. Each is handed over as soon as it is found, once; the array is valid
   * during the call. Labels of states that have been handed over may be changed.
   */
  find(states: Int32Array, labelOf: Int32Array, label: number, found: (component: Int32Array) => void): void {
    for (const state of states) this.#visit[state] = 0;
    let visits = 0;
    let open = 0;
    const visit = this.#visit;
    const low = this.#low;
    const path = this.#path;
    const next = this.#next;
    const { offsets, targets } = this.#graph;
    for (const root of states) {
      if (visit[root] !== 0) continue;
      let depth = 0;
      path[0] = root;
      next[root] = offsets[root] as number;
      visit[root] = low[root] = ++visits;
      this.#open[open++] = root;
      while (depth >= 0) {
        const state = path[depth] as number;
        const at = next[state] as number;
        if (at < (offsets[state + 1] as number)) {
          next[state] = at + 1;
          const target = targets[at] as number;
          if (labelOf[target] !== label) continue;
          const seen = visit[target] as number;
          if (seen === 0) {
            path[++depth] = target;
            next[target] = offsets[target] as number;
            visit[target] = low[target] = ++visits;
            this.#open[open++] = target;
          } else if (seen > 0 && seen < (low[state] as number)) {
            low[state] = seen;
          }
          continue;
        }
        if (--depth >= 0) {
          const parent = path[depth] as number;
          if ((low[state] as number) < (low[parent] as number)) low[parent] = low[state] as number;
        }
        if (low[state] !== visit[state]) continue;
        let begins = open;
        do begins--;
        while (this.#open[begins] !== state);
        // Closed: it is no longer on the stack, so nothing that leads to it leads back by it.
        for (let index = begins; index < open; index++) visit[this.#open[index] as number] = CLOSED;
        found(this.#open.subarray(begins, open));
        open = begins;
      }
    }
  }
}

const CLOSED = -1;
