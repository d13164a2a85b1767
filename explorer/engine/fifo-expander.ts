/**
 * Expands states over a `fifo` network. Behind the slots a row has the id of each link, by sender and then receiver; its
 * length is the same for all states.
 */

import type { ProcessInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { linkName } from '../semantics/network.ts';
import { IN_FLIGHT } from '../semantics/processes.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO, type Work } from './expander.ts';
import { CLOSING, DOWN, type LinkChange, LinkMemo, OPENING, UP } from './link-memo.ts';
import type { Parts } from './orbits.ts';
import { ProcessExpander } from './process-expander.ts';
import { RenamedIds } from './renamed-ids.ts';
import { DISABLED, LOCAL_HI, LOCAL_LO, MESSAGES, NEW_LOCAL, SENT } from './step-memo.ts';

export class FifoExpander extends ProcessExpander {
  readonly #links: LinkMemo;
  /** The length of a row. */
  readonly #length: number;
  /** The successor that is being made. */
  readonly #row: Int32Array;

  constructor(instance: ProcessInstance, paranoid: boolean, group: SymmetryGroup | null, reduces: boolean) {
    super(instance, paranoid, reduces);
    this.#links = new LinkMemo(this.interning, this.memo);
    this.#length = this.inFlightAt + this.processes * this.processes;
    this.#row = new Int32Array(this.#length);
    if (group !== null) this.reduceBy(group, (messages) => this.#linksUnder(group, messages));
  }

  /** Links, by what the messages queued on them become. */
  #linksUnder(group: SymmetryGroup, messages: RenamedIds): Parts {
    const links = this.#links;
    const renamed = new RenamedIds(group, {
      namesIn: (link) => links.namesIn(link),
      rename: (link, renaming, by) => links.renamed(link, renaming, (message) => messages.image(message, by)),
    });
    return { renamed, keys: links.links };
  }

  start(to: Work): void {
    const { slots, sent, beyond, lo, hi } = this.begin();
    const row = this.#row.fill(0);
    row[ROW_LENGTH] = this.#length;
    row.set(slots, ROW_HEADER);
    this.#add(lo, hi);
    for (const [from, sender] of this.instance.processes.entries()) {
      for (const [to, receiver] of this.instance.processes.entries()) {
        if (from === to) continue;
        const link = this.#links.quiet(linkName(sender.id, receiver.id));
        row[this.#linkAt(from, to)] = link;
        this.#add(this.#links.links.lo.at(link), this.#links.links.hi.at(link));
      }
    }
    for (const [from, messages] of sent.entries()) for (const message of messages) this.#send(from, message);
    if (this.#offer(beyond, 0, 0, to)) this.judgeStart(this.symmetry?.orbits.row ?? row, 0, to);
  }

  protected expandNetwork(row: Int32Array, at: number, to: Work): void {
    const { memo } = this;
    const heads = this.#links.head;
    for (let from = 0; from < this.processes; from++) {
      for (let receiver = 0; receiver < this.processes; receiver++) {
        if (from === receiver) continue;
        const linkAt = this.#linkAt(from, receiver);
        const message = heads.items[row[at + linkAt] as number] as number;
        if (message === 0) continue;
        const outcome = memo.outcome(row[at + ROW_HEADER + receiver] as number, message);
        if (outcome === DISABLED || this.#skips(row, at, receiver, outcome, message, to)) continue;
        this.#begin(row, at);
        this.#change(linkAt, 'pop');
        this.#step(row, at, receiver, outcome, message, to, true);
      }
    }
    this.#expandSessions(row, at, to);
  }

  protected override takeLocal(
    row: Int32Array,
    at: number,
    process: number,
    outcome: number,
    event: number,
    budgets: number,
    to: Work,
  ): void {
    if (this.#skips(row, at, process, outcome, event, to)) return;
    this.#begin(row, at);
    this.#setBudgets(budgets);
    this.#step(row, at, process, outcome, event, to, true);
  }

  protected override takeCrash(
    row: Int32Array,
    at: number,
    process: number,
    outcome: number,
    event: number,
    budgets: number,
    to: Work,
  ): void {
    this.#begin(row, at);
    this.#setBudgets(budgets);
    for (let peer = 0; peer < this.processes; peer++) {
      if (peer === process) continue;
      this.#change(this.#linkAt(peer, process), 'reset');
      this.#change(this.#linkAt(process, peer), 'lose');
    }
    this.#step(row, at, process, outcome, event, to, false);
  }

  /** Whether a step that leaves all sessions as they are is left out. */
  #skips(row: Int32Array, at: number, process: number, outcome: number, event: number, to: Work): boolean {
    if (this.independence === null || !this.skips(row, at, process, outcome, event, to)) return false;
    this.moves++;
    return true;
  }

  /** Sessions are cut and made anew, and processes learn of it. */
  #expandSessions(row: Int32Array, at: number, to: Work): void {
    const sessions = this.#links.session.items;
    const { linkCut } = this.plan.planFor(row[at + this.budgetsAt] as number);
    for (let a = 0; a < this.processes; a++) {
      for (let b = a + 1; b < this.processes; b++) {
        if (!this.#isUp(row, at, a) || !this.#isUp(row, at, b)) continue;
        const atA = sessions[row[at + this.#linkAt(b, a)] as number] as number;
        const atB = sessions[row[at + this.#linkAt(a, b)] as number] as number;
        const isAlive = (atA === UP && (atB === UP || atB === OPENING)) || (atB === UP && atA === OPENING);
        if (linkCut !== 0 && isAlive) this.#takeOnLink(row, at, a, b, 'cut', linkCut, to);
        if (atA === DOWN && atB === DOWN)
          this.#takeOnLink(row, at, a, b, 'connect', row[at + this.budgetsAt] as number, to);
      }
    }
    for (let process = 0; process < this.processes; process++) {
      if (!this.#isUp(row, at, process)) continue;
      for (let peer = 0; peer < this.processes; peer++) {
        if (peer === process) continue;
        const linkAt = this.#linkAt(peer, process);
        const session = sessions[row[at + linkAt] as number] as number;
        if (session === CLOSING) this.#learn(row, at, process, peer, 'linkDown', 'learnDown', to);
        else if (session === OPENING) this.#learn(row, at, process, peer, 'linkUp', 'learnUp', to);
      }
    }
  }

  #learn(
    row: Int32Array,
    at: number,
    process: number,
    peer: number,
    type: 'linkDown' | 'linkUp',
    change: LinkChange,
    to: Work,
  ): void {
    const event = this.memo.internEvent({ type, process: this.#id(process), peer: this.#id(peer) });
    const outcome = this.memo.outcome(row[at + ROW_HEADER + process] as number, event);
    this.#begin(row, at);
    this.#change(this.#linkAt(peer, process), change);
    this.#step(row, at, process, outcome, event, to, false);
  }

  #takeOnLink(
    row: Int32Array,
    at: number,
    a: number,
    b: number,
    type: 'cut' | 'connect',
    budgets: number,
    to: Work,
  ): void {
    this.moves++;
    this.#begin(row, at);
    this.writeLastStep(this.#row, 0, 0, 0, 0);
    this.#setBudgets(budgets);
    for (const link of [this.#linkAt(a, b), this.#linkAt(b, a)]) this.#change(link, type === 'cut' ? 'lose' : 'open');
    const event = this.memo.internEvent({ type, process: this.#id(a), peer: this.#id(b) } satisfies TraceEvent);
    this.#offer(null, row[at + ROW_LO] as number, event, to);
  }

  /**
   * Completes the successor with the step of a process, and offers it.
   *
   * @param isLocal whether the step leaves all sessions as they are
   */
  #step(
    row: Int32Array,
    at: number,
    process: number,
    outcome: number,
    event: number,
    to: Work,
    isLocal: boolean,
  ): void {
    this.moves++;
    const { memo } = this;
    const pool = memo.pool.items;
    const next = this.#row;
    const oldLocal = row[at + ROW_HEADER + process] as number;
    const newLocal = pool[outcome + NEW_LOCAL] as number;
    next[ROW_HEADER + process] = newLocal;
    this.#add(pool[outcome + LOCAL_LO] as number, pool[outcome + LOCAL_HI] as number);
    const sentEnd = outcome + MESSAGES + (pool[outcome + SENT] as number);
    for (let sent = outcome + MESSAGES; sent < sentEnd; sent++) this.#send(process, pool[sent] as number);
    const oldHistory = row[at + this.historyAt] as number;
    const history = this.historyAfter(row, at, outcome);
    if (history !== oldHistory) {
      next[this.historyAt] = history;
      this.#add(
        this.history.records.lo.at(history) - this.history.records.lo.at(oldHistory),
        this.history.records.hi.at(history) - this.history.records.hi.at(oldHistory),
      );
    }
    const beyond = this.boundNames[memo.beyondOf.at(newLocal) - 1] ?? this.#beyondFlight();
    const isJudged = beyond === null && this.isUnsettled;
    if (isJudged) {
      this.symmetry?.orbits.choose(next, 0);
      const known = this.symmetry === null ? next : this.symmetry.orbits.row;
      this.judgeStep(row, at, process, outcome, history, known[ROW_LO] as number, known[ROW_HI] as number, to);
    }
    if (isLocal && this.isRedundant) {
      to.tally.generated++;
      to.tally.skipped++;
      return;
    }
    this.writeLastStep(next, 0, isLocal ? event : 0, oldLocal, oldHistory);
    this.#offer(beyond, row[at + ROW_LO] as number, event, to, isJudged);
  }

  /**
   * Offers the successor that has been made, if it is within bounds.
   *
   * @param isChosen under a symmetry, what stands for it is known
   */
  #offer(beyondLocal: string | null, parentLo: number, event: number, to: Work, isChosen = false): boolean {
    const beyond = beyondLocal ?? this.#beyondFlight();
    if (beyond !== null) {
      to.tally.cutBy(beyond, event);
      return false;
    }
    to.tally.generated++;
    const row = this.#row;
    if (this.symmetry !== null) {
      if (!isChosen) this.symmetry.orbits.choose(row, 0);
      this.offerChosen(this.symmetry.orbits, row, parentLo, event, to);
      return true;
    }
    if (!to.sink.offer(row[ROW_LO] as number, row[ROW_HI] as number, parentLo, event)) return true;
    to.next.reserve(this.#length);
    to.next.buffer.set(row, to.next.at);
    return true;
  }

  #beyondFlight(): string | null {
    if (this.inFlightBound === Number.POSITIVE_INFINITY) return null;
    return this.inFlight(this.#row, 0) > this.inFlightBound ? IN_FLIGHT : null;
  }

  protected inFlight(row: Int32Array, at: number): number {
    let queued = 0;
    for (let link = this.inFlightAt; link < this.#length; link++) {
      queued += this.#links.queued.at(row[at + link] as number);
    }
    return queued;
  }

  #begin(row: Int32Array, at: number): void {
    for (let index = 0; index < this.#length; index++) this.#row[index] = row[at + index] as number;
  }

  #add(lo: number, hi: number): void {
    const row = this.#row;
    row[ROW_LO] = (row[ROW_LO] as number) + lo;
    row[ROW_HI] = (row[ROW_HI] as number) + hi;
  }

  #setBudgets(budgets: number): void {
    const old = this.#row[this.budgetsAt] as number;
    if (budgets === old) return;
    const { lo, hi } = this.plan.budgets;
    this.#row[this.budgetsAt] = budgets;
    this.#add(lo.at(budgets) - lo.at(old), hi.at(budgets) - hi.at(old));
  }

  #setLink(linkAt: number, link: number): void {
    const { lo, hi } = this.#links.links;
    const old = this.#row[linkAt] as number;
    this.#row[linkAt] = link;
    this.#add(lo.at(link) - lo.at(old), hi.at(link) - hi.at(old));
  }

  #change(linkAt: number, change: LinkChange): void {
    this.#setLink(linkAt, this.#links.change(this.#row[linkAt] as number, change));
  }

  /** A message goes onto its link, unless the sender has no live session with the receiver. */
  #send(from: number, message: number): void {
    const receiver = this.memo.eventProcess.at(message);
    const back = this.#row[this.#linkAt(receiver, from)] as number;
    if (this.#links.session.at(back) !== UP) return;
    const linkAt = this.#linkAt(from, receiver);
    this.#setLink(linkAt, this.#links.push(this.#row[linkAt] as number, message));
  }

  #isUp(row: Int32Array, at: number, process: number): boolean {
    return this.memo.isUp(row[at + ROW_HEADER + process] as number);
  }

  #linkAt(from: number, to: number): number {
    return this.inFlightAt + from * this.processes + to;
  }

  #id(process: number): string {
    return this.instance.processes[process]?.id ?? '';
  }
}
