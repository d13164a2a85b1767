/**
 * Memos of functions of a state on what they read of it: decision trees in flat integers.
 *
 * A node is a question: what is in a cell? It has a branch for each answer that was met, and at the end of a branch is the
 * result. A function that has read those answers, and nothing else, returns the same in every state that gives the same
 * answers. Of functions of two states, a question to the second one (the state before a step) is bitwise negated.
 */

import { IntList } from './growable.ts';

/** Nothing is known yet: no result. Results are positive. */
export const UNKNOWN = 0;

/** Words of a node: the question; where its branches begin; how many there is room for. */
const QUESTION = 0;
const BRANCHES = 1;
const ROOM = 2;
const WORDS = 3;

/** Results that a tree can have: of a function that reads nearly all of the state, most would never be of use. */
const LARGEST = 1 << 20;

/** Branches that a node has room for at first. */
const FIRST_ROOM = 4;

export class ReadTrees {
  /** Node n begins at n * WORDS; there is no node 0. */
  #nodes = new IntList(1 << 10);
  /** By answer: a node; a result, negated; or 0. */
  #branches = new IntList(1 << 10);
  /** By tree: its first node or its result, as in a branch; and how many results it has. */
  readonly #roots: Int32Array;
  readonly #results: Int32Array;

  constructor(trees: number) {
    this.#roots = new Int32Array(trees);
    this.#results = new Int32Array(trees);
    this.forget();
  }

  /** Forgets all results. */
  forget(): void {
    this.#roots.fill(0);
    this.#results.fill(0);
    this.#nodes = new IntList(1 << 10);
    this.#branches = new IntList(1 << 10);
    this.#makeNode(0);
  }

  /** Whether a tree has as many results as it can take. */
  isFull(tree: number): boolean {
    return this.#results[tree] === LARGEST;
  }

  /** The result of a function in a state with these answers, or {@link UNKNOWN}. */
  find(tree: number, answers: Int32Array, answersBefore: Int32Array): number {
    const nodes = this.#nodes.items;
    const branches = this.#branches.items;
    let at = this.#roots[tree] as number;
    while (at > 0) {
      const node = at * WORDS;
      const question = nodes[node + QUESTION] as number;
      const answer = (question >= 0 ? answers[question] : answersBefore[~question]) ?? 0;
      at =
        answer < (nodes[node + ROOM] as number) ? (branches[(nodes[node + BRANCHES] as number) + answer] as number) : 0;
    }
    return -at;
  }

  /**
   * Adds the result of a function that has read the answers to these questions. Questions that the tree asks before are
   * answered too, so that the order in which they were read does not matter.
   *
   * @returns false if a result is known already: the function is not one of what it reads.
   */
  insert(tree: number, questions: readonly number[], answerTo: (question: number) => number, result: number): boolean {
    const left = new Set(questions);
    let at = this.#roots[tree] as number;
    let put = (next: number): void => {
      this.#roots[tree] = next;
    };
    for (;;) {
      if (at < 0) return false;
      if (at === 0) {
        const [question] = left;
        if (question === undefined) break;
        at = this.#makeNode(question);
        put(at);
      }
      const node = at;
      const question = this.#nodes.items[node * WORDS + QUESTION] as number;
      const answer = answerTo(question);
      left.delete(question);
      at = this.#branch(node, answer);
      put = (next) => this.#setBranch(node, answer, next);
    }
    put(-result);
    this.#results[tree] = (this.#results[tree] as number) + 1;
    return true;
  }

  #makeNode(question: number): number {
    const node = this.#nodes.length / WORDS;
    this.#nodes.push(question);
    this.#nodes.push(this.#makeBranches(FIRST_ROOM));
    this.#nodes.push(FIRST_ROOM);
    return node;
  }

  #makeBranches(room: number): number {
    const begins = this.#branches.length;
    this.#branches.reserve(room);
    this.#branches.length += room;
    return begins;
  }

  #branch(node: number, answer: number): number {
    const { items } = this.#nodes;
    if (answer >= (items[node * WORDS + ROOM] as number)) return 0;
    return this.#branches.items[(items[node * WORDS + BRANCHES] as number) + answer] as number;
  }

  #setBranch(node: number, answer: number, next: number): void {
    const { items } = this.#nodes;
    const room = items[node * WORDS + ROOM] as number;
    if (answer >= room) {
      const begins = items[node * WORDS + BRANCHES] as number;
      const larger = Math.max(room * 2, answer + 1);
      const moved = this.#makeBranches(larger);
      this.#branches.items.copyWithin(moved, begins, begins + room);
      items[node * WORDS + BRANCHES] = moved;
      items[node * WORDS + ROOM] = larger;
    }
    this.#branches.items[(items[node * WORDS + BRANCHES] as number) + answer] = next;
  }
}
