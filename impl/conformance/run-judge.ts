/**
 * Properties along a recorded run. A property as the system states it reads whole states, so that judging it can take the
 * longer, the longer the run has been: it is judged of the first steps only. A *monitor* is the same property in about
 * constant time a step: it is judged of all.
 */

import { callModel, foldHistory, observe, snapshotOf, viewOf } from '../../explorer/semantics/observation.ts';
import { equal } from '../../model/contract/data.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import type { ObservedStep, ProcessInstance } from '../../model/contract/system.ts';
import type { Property, Snapshot, Verdict } from '../../spec/property.ts';
import { diverge } from './divergence.ts';
import type { Occurrence } from './node-replay.ts';

/** Of how many steps properties without a monitor are judged, unless asked for more. */
export const DEFAULT_JUDGED = 200;

/** Of what a property was judged. */
export interface Judged {
  readonly name: string;
  /** How many first steps of the run; all of them by a monitor. Null: of none. */
  readonly steps: number | null;
  readonly byMonitor: boolean;
  /** Why not, or not of all. */
  readonly reason: string | null;
}

type AnySnapshot = Snapshot<unknown, unknown>;

/** A monitor at work. */
interface Judging {
  readonly name: string;
  /** What it is called in an error of the model. */
  readonly where: string;
  readonly judge: (step: ObservedStep<object>) => Verdict;
}

export class RunJudge {
  readonly #instance: ProcessInstance;
  readonly #most: number;
  readonly #monitors: readonly Judging[];
  readonly #properties: readonly Property<AnySnapshot>[];
  readonly #views = new Map<ProcessId, unknown>();
  #history: unknown;
  #seen: AnySnapshot;
  #steps = 0;

  /** @param most of how many steps properties without a monitor are judged */
  constructor(instance: ProcessInstance, most: number) {
    this.#instance = instance;
    this.#monitors = instance.monitors.map(({ property, begin }) => ({
      name: property,
      where: `the monitor of '${property}'`,
      judge: begin(),
    }));
    const monitored = new Set(this.#monitors.map(({ name }) => name));
    this.#properties = instance.properties.filter(
      (property) => property.kind !== 'sometimes' && !isOfWorkload(property) && !monitored.has(property.name),
    );
    // Where every property has a monitor, nobody needs views and history.
    this.#most = this.#properties.length === 0 ? 0 : most;
    this.#history = instance.history.initial;
    this.#seen = this.#snapshot();
  }

  /**
   * The next occurrence of the run.
   *
   * @throws Diverged when it violates a property.
   */
  judge(occurrence: Occurrence): void {
    if (occurrence.kind === 'end') {
      this.#views.delete(occurrence.place.node);
      if (this.#steps < this.#most) this.#judgeState(occurrence);
      return;
    }
    const { place, recorded, before, after } = occurrence;
    const observed: ObservedStep<object> = {
      process: place.node,
      event: recorded.event,
      before: before?.state ?? null,
      after: after.state,
      effects: recorded.effects,
    };
    for (const { name, where, judge } of this.#monitors) {
      const verdict = callModel(where, () => judge(observed));
      if (verdict !== true) violated(name, verdict, occurrence);
    }
    this.#steps += 1;
    if (this.#steps > this.#most) return;
    const observation = observe(this.#instance.history, observed);
    if (observation !== null) this.#history = foldHistory(this.#instance.history, this.#history, observation);
    const view = viewOf(this.#instance, place.node, after.state);
    const isNews = observation !== null || !equal(view, this.#views.get(place.node));
    this.#views.set(place.node, view);
    if (isNews) this.#judgeState(occurrence);
  }

  /** Of what each property was judged. */
  get judged(): Judged[] {
    return this.#instance.properties.flatMap((property): Judged[] => {
      const { name } = property;
      if (property.kind === 'sometimes') return [];
      if (this.#monitors.some((monitor) => monitor.name === name))
        return [{ name, steps: this.#steps, byMonitor: true, reason: null }];
      if (isOfWorkload(property))
        return [{ name, steps: null, byMonitor: false, reason: "it is about the requests of the model's environment" }];
      const steps = Math.min(this.#steps, this.#most);
      const reason = steps < this.#steps ? 'it has no monitor, and would take the longer, the longer the run is' : null;
      return [{ name, steps, byMonitor: false, reason }];
    });
  }

  #judgeState(occurrence: Occurrence): void {
    const before = this.#seen;
    this.#seen = this.#snapshot();
    for (const property of this.#properties) {
      const { kind, name } = property;
      if (kind === 'sometimes') continue;
      const verdict = callModel(`property '${name}'`, () =>
        kind === 'always' ? property.check(this.#seen) : property.check(before, this.#seen),
      );
      if (verdict !== true) violated(name, verdict, occurrence);
    }
  }

  #snapshot(): AnySnapshot {
    const ids = this.#instance.processes.map(({ id }) => id);
    return snapshotOf(
      ids.flatMap((id) => (this.#views.has(id) ? [[id, this.#views.get(id)] as const] : [])),
      ids.filter((id) => !this.#views.has(id)),
      this.#history,
    );
  }
}

function isOfWorkload(property: Property<AnySnapshot>): boolean {
  return property.kind === 'always' && property.ofWorkload;
}

function violated(name: string, verdict: Verdict, occurrence: Occurrence): never {
  const event = occurrence.kind === 'step' ? occurrence.recorded.event : null;
  const why = typeof verdict === 'string' ? `: ${verdict}` : '';
  diverge('property', occurrence.place, event, `${name} is violated${why}`);
}
