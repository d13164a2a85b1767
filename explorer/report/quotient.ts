/** The quotient of a state graph by what some fields of the views show: for spaces too large to draw state by state. */

import { canonical } from '../../model/contract/data.ts';
import { UsageError } from '../../model/contract/errors.ts';
import { UnknownName } from '../../model/contract/parameter.ts';
import type { Instance } from '../../model/contract/system.ts';
import type { Snapshot } from '../../spec/property.ts';
import { QUIESCENCE } from '../exploration.ts';
import { digraph, edge, leftAligned, node } from './dot.ts';
import { type Formatter, formatterOf, isRecord } from './format.ts';
import { legend, type Marks, nodeLook, violatingStep } from './graph-look.ts';
import { counted, grouped } from './numbers.ts';
import { type Met, standingOf, stepViolations, type Transition, type Visitor, visitSpace } from './space.ts';
import { fieldTexts, shortened } from './state-label.ts';
import { kind } from './wording.ts';

export interface QuotientOptions {
  readonly fields: readonly string[] | true;
  /** Draw no more nodes than this. */
  readonly most: number;
  /** Explore no more states than this. */
  readonly explored: number;
}

/** All states that look the same. */
interface Class {
  readonly index: number;
  readonly lines: readonly string[];
  states: number;
  /** Steps from one of its states to another. */
  within: number;
  initial: boolean;
  quiet: boolean;
  /** How many of its states violate which property. */
  readonly violated: Map<string, number>;
  /** What each of its states is a witness of. */
  witnessed: readonly string[];
}

/** The steps from one class to another, counted by their kind. */
interface Steps {
  readonly from: Class;
  readonly to: Class;
  readonly kinds: Map<string, number>;
  readonly violated: Set<string>;
}

/** A field that no view has is noticed after this many states. */
const SOON = 1000;
/** Kinds of steps that an edge lists. */
const MOST_KINDS = 3;

export function quotientGraph(instance: Instance, options: QuotientOptions): string {
  const quotient = new Quotient(instance, options);
  const { found, complete } = visitSpace(instance, options.explored, quotient);
  quotient.mustHaveFields();
  if (!complete) {
    throw new UsageError(
      `a quotient needs every state, and there are more than ${grouped(options.explored)}. Set smaller parameters`,
    );
  }
  return quotient.draw(found);
}

/** The classes of the states visited so far. */
class Quotient implements Visitor {
  readonly #instance: Instance;
  readonly #options: QuotientOptions;
  readonly #format: Formatter;
  readonly #classes = new Map<string, Class>();
  readonly #steps = new Map<string, Steps>();
  /** By the index of a state: its class, and what is seen of it if a property of steps needs that. */
  readonly #classOf: Class[] = [];
  readonly #seen: unknown[] = [];
  readonly #checksSteps: boolean;
  /** The fields that views have been found to have. */
  readonly #known = new Set<string>();

  constructor(instance: Instance, options: QuotientOptions) {
    this.#instance = instance;
    this.#options = options;
    this.#format = formatterOf(instance);
    this.#checksSteps = instance.properties.some(({ kind }) => kind === 'alwaysStep');
  }

  state({ index, seen, initial }: Met): void {
    if (index < SOON) for (const name of fieldsIn(this.#instance, seen)) this.#known.add(name);
    if (index === SOON) this.mustHaveFields();
    const joined = this.#join(seen);
    const { violated, witnessed } = standingOf(this.#instance, seen);
    joined.witnessed = joined.states === 0 ? witnessed : joined.witnessed.filter((name) => witnessed.includes(name));
    joined.states++;
    joined.initial ||= initial;
    for (const name of violated) count(joined.violated, name);
    this.#classOf.push(joined);
    if (this.#checksSteps) this.#seen.push(seen);
    if (this.#classes.size > this.#options.most) throw new UsageError(tooManyClasses(this.#options.most, index + 1));
  }

  quiescent({ index }: Met, allowed: boolean): void {
    const joined = this.#classOf[index];
    if (joined === undefined) return;
    joined.quiet = true;
    if (!allowed) count(joined.violated, QUIESCENCE);
  }

  transition({ from: before, to: after, event }: Transition): void {
    const [from, to] = [this.#classOf[before], this.#classOf[after]];
    if (from === undefined || to === undefined) return;
    if (from === to) {
      from.within++;
      return;
    }
    const key = `${from.index} ${to.index}`;
    const steps = this.#steps.get(key) ?? { from, to, kinds: new Map<string, number>(), violated: new Set<string>() };
    this.#steps.set(key, steps);
    count(steps.kinds, kind(event));
    for (const name of stepViolations(this.#instance, this.#seen[before], this.#seen[after])) steps.violated.add(name);
  }

  /** @throws UnknownName when a field of the quotient has been in no view; UsageError when views have no fields at all. */
  mustHaveFields(): void {
    const { fields } = this.#options;
    const where = this.#instance.kind === 'transitions' ? 'in the states' : 'in the views of the processes';
    if (fields !== true && this.#known.size === 0) {
      throw new UsageError(`what is seen ${where} has no fields to choose from; give --quotient without any`);
    }
    for (const name of fields === true ? [] : fields)
      if (!this.#known.has(name)) throw new UnknownName('field', name, [...this.#known], where);
  }

  #join(seen: unknown): Class {
    const { fields } = this.#options;
    const key = canonical(picked(this.#instance, seen, fields));
    const known = this.#classes.get(key);
    if (known !== undefined) return known;
    const lines = linesOf(this.#instance, seen, fields, this.#format);
    const index = this.#classes.size;
    const fresh = { index, lines, states: 0, within: 0, initial: false, quiet: false, witnessed: [] };
    const joined: Class = { ...fresh, violated: new Map() };
    this.#classes.set(key, joined);
    return joined;
  }

  draw(found: number): string {
    const classes = [...this.#classes.values()];
    const caption = [this.#title(found), ...legend(classes.map(marksOf))];
    return digraph({ label: leftAligned(caption), labeljust: 'l', nodesep: 0.35, ranksep: 0.6 }, [
      ...classes.map(drawClass),
      ...[...this.#steps.values()].map(drawSteps),
    ]);
  }

  #title(states: number): string {
    const { fields } = this.#options;
    const instance = this.#instance;
    const what = fields === true ? 'views' : fields.join(', ');
    const of = instance.kind === 'processes' ? ` of ${instance.processes.map(({ id }) => id).join(', ')}` : '';
    return `${what}${of}: ${counted(this.#classes.size, 'class', 'classes')} of ${counted(states, 'state')}`;
  }
}

function count(of: Map<string, number>, name: string): void {
  of.set(name, (of.get(name) ?? 0) + 1);
}

function marksOf({ initial, quiet, witnessed, violated, states }: Class): Marks {
  const broken = [...violated].map(([name, times]) => (states === 1 ? name : `${name} in ${counted(times, 'state')}`));
  return { initial, quiet, witnessed, violated: broken };
}

function drawClass(drawn: Class): string {
  const { index, lines, states, within } = drawn;
  const steps = within === 0 ? '' : `, ${counted(within, 'step')} within`;
  return node(`c${index}`, nodeLook([...lines, `${counted(states, 'state')}${steps}`], marksOf(drawn)));
}

function drawSteps({ from, to, kinds, violated }: Steps): string {
  const total = [...kinds.values()].reduce((sum, times) => sum + times, 0);
  const penwidth = Math.round(10 + 5 * Math.log10(total)) / 10;
  const look = { label: leftAligned(kindsText(kinds)), penwidth, ...violatingStep([...violated]) };
  return edge(`c${from.index}`, `c${to.index}`, look);
}

/** The most frequent kinds first, and how many there are of the others. */
function kindsText(kinds: ReadonlyMap<string, number>): string[] {
  const ordered = [...kinds].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = ordered.slice(0, MOST_KINDS).map(([name, times]) => (times === 1 ? name : `${grouped(times)} ${name}`));
  const rest = ordered.slice(MOST_KINDS).reduce((sum, [, times]) => sum + times, 0);
  return [...shown, ...(rest === 0 ? [] : [`${grouped(rest)} others`])].map((text) => ` ${text}`);
}

/** What stays of what properties read: for each process the chosen fields of its view, or that it is down. */
function picked(instance: Instance, seen: unknown, fields: readonly string[] | true): unknown {
  if (instance.kind === 'transitions') return pick(seen, fields);
  const { views, crashed } = seen as Snapshot<unknown, unknown>;
  return [Object.entries(views).map(([id, view]) => [id, pick(view, fields)]), crashed];
}

function pick(view: unknown, fields: readonly string[] | true): unknown {
  if (fields === true) return view;
  if (!isRecord(view)) return {};
  return Object.fromEntries(fields.filter((name) => Object.hasOwn(view, name)).map((name) => [name, view[name]]));
}

/** A line for each process; a single one when all look the same, and no name when there is only one field. */
function linesOf(
  instance: Instance,
  seen: unknown,
  fields: readonly string[] | true,
  format: Formatter,
): readonly string[] {
  const text = (view: unknown): string => {
    const part = pick(view, fields);
    if (fields !== true && fields.length === 1 && isRecord(part)) return Object.values(part).map(format.value).join('');
    return fieldTexts(part, format).join(', ');
  };
  if (instance.kind === 'transitions') return shortened([text(seen)]);
  const { views } = seen as Snapshot<unknown, unknown>;
  const ids = instance.processes.map(({ id }) => id);
  const texts = ids.map((id) => (Object.hasOwn(views, id) ? text(views[id]) : 'down'));
  if (ids.length > 1 && new Set(texts).size === 1) return shortened([`all ${texts[0] ?? ''}`]);
  return shortened(ids.map((id, index) => `${id} ${texts[index] ?? ''}`));
}

function fieldsIn(instance: Instance, seen: unknown): string[] {
  const views = instance.kind === 'transitions' ? [seen] : Object.values((seen as Snapshot<unknown, unknown>).views);
  return views.filter(isRecord).flatMap((view) => Object.keys(view));
}

function tooManyClasses(most: number, states: number): string {
  return (
    `a picture of more than ${counted(most, 'node')} cannot be read, and the first ${counted(states, 'state')} already ` +
    'give more. Choose fewer fields for the quotient, or smaller parameters'
  );
}
