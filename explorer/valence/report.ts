/** The walk as a text for people: each step of the proof, and what it finds on this protocol. */

import { describeBounds } from '../bounds.ts';
import { settings } from '../report/names.ts';
import { counted, grouped } from '../report/numbers.ts';
import { type Paper, paint, wrap } from '../report/text.ts';
import { actorLabel, headline, list } from '../report/wording.ts';
import type { Chance } from './chance.ts';
import { wayTo } from './configurations.ts';
import { type Explored, valenceOf } from './initial-line.ts';
import { compare, fraction } from './rational.ts';
import type { Critical, StayingBivalent } from './staying-bivalent.ts';
import { realRun, runFrom } from './told-run.ts';
import { isBivalent } from './values.ts';
import type { Walk } from './walk.ts';
import { formatOf, placeName, valenceName, valuesText } from './words.ts';

/** Longer runs than this are not told before the verdict. */
const MOST_TOLD = 12;

export function walkText(walk: Walk, paper: Paper): string {
  const teller = new Teller(walk, paper);
  return [
    teller.title(),
    teller.world(),
    teller.commutativity(),
    teller.initialLine(),
    teller.stayingBivalent(),
    teller.verdict(),
    ...(walk.chances === null ? [] : [teller.chances(walk.chances)]),
  ].join('\n\n');
}

class Teller {
  readonly #walk: Walk;
  readonly #paper: Paper;
  readonly #format: ReturnType<typeof formatOf>;

  constructor(walk: Walk, paper: Paper) {
    this.#walk = walk;
    this.#paper = paper;
    this.#format = formatOf(walk);
  }

  title(): string {
    const { system, mutant, line } = this.#walk;
    const parameters = line[0]?.beginning.parameters ?? {};
    const inputs = Object.entries(system.parameters).find(([, { kind }]) => kind === 'inputs')?.[0];
    const others = Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== inputs));
    return this.#wrapped(`${system.name} ${settings(others, mutant)}`.trim(), 2);
  }

  world(): string {
    const { graph, beginning } = this.#explored(0);
    const { consensus, bounds, environment } = beginning.instance;
    const timeouts = consensus.timeouts ?? environment.timeouts ?? Number.POSITIVE_INFINITY;
    const described = describeBounds({
      ...beginning.instance,
      environment: {
        requests: environment.requests ?? [],
        ...(timeouts === Number.POSITIVE_INFINITY ? {} : { timeouts }),
      },
      bounds: (consensus.bounds ?? bounds) as typeof bounds,
    });
    const within = described.filter((text) => /^at most|^only states|^timeouts|^no timeouts/.test(text));
    const requests = described.filter((text) => text.startsWith('client requests'));
    const ordered =
      consensus.ordered === undefined ? [] : [`of ${list(consensus.ordered.fields)} only the order matters`];
    return this.#section('The world of the theorem', [
      `${list(graph.world.ids)}; every message is received in the end, in any order; one process may crash, which nobody ` +
        'can tell from its being slow',
      ...requests,
      ...(within.length + ordered.length === 0
        ? []
        : [`to keep the graph finite: ${[...ordered, ...within].join('; ')}`]),
    ]);
  }

  commutativity(): string {
    const { diamonds, cut, open, example, place } = this.#walk.commutativity;
    const explored = this.#explored(place);
    const label = (edge: number) =>
      actorLabel(explored.graph.world.events.value(explored.graph.event[edge] as number).event, this.#format);
    const lines = [
      open === null
        ? `${counted(diamonds, 'pair')} of applicable events of different processes: in either order, they lead to the same configuration`
        : `NOT SO: ${label(open.first)}, and ${label(open.second)}, lead elsewhere in the other order. The processes share more than messages`,
      ...(cut === 0 ? [] : [`${grouped(cut)} more with a corner beyond a bound`]),
      ...(example === null ? [] : [`one of them: ${label(example.first)}; and ${label(example.second)}`]),
    ];
    return this.#section('Lemma 1: disjoint schedules commute', lines);
  }

  initialLine(): string {
    const { line, values } = this.#walk;
    const rows = line.map((explored) => {
      const name = explored.beginning.inputs === '' ? '-' : explored.beginning.inputs;
      const valence = valenceOf(explored);
      const can = `${valuesText(valence, values, this.#format)}`;
      return [name, grouped(explored.graph.configurations.length), can, isBivalent(valence) ? 'bivalent' : ''] as const;
    });
    const table = tableOf(['inputs', 'configurations', 'can decide', ''], rows).map((row) => `  ${row}`.trimEnd());
    const title = this.#bold('Lemma 2: a bivalent initial configuration');
    return [title, ...table, ...this.#neighbours()].join('\n');
  }

  #neighbours(): string[] {
    const { line, neighbours, values } = this.#walk;
    if (line.length === 1)
      return [this.#paragraph('The system has no parameter for the inputs: there is no line to walk along.')];
    if (neighbours === null)
      return [this.#paragraph('All have one valence: what is decided does not depend on the inputs.')];
    const [left, right] = neighbours.pair.map((place) => this.#explored(place)) as [Explored, Explored];
    const id = left.graph.world.ids[neighbours.differ] ?? '';
    const names = `${placeName(left)} is ${this.#valence(left)}, ${placeName(right)} is ${this.#valence(right)}, and they differ in ${id}.`;
    if (neighbours.without === undefined) {
      return [
        this.#paragraph(
          `${names} Let ${id} crash before its first step: the others cannot tell them apart. Whether they can decide without ` +
            'it is not known: it would take more than the bounds allow.',
        ),
      ];
    }
    if (!neighbours.same) {
      return [
        this.#paragraph(
          `${names} Let ${id} crash before its first step: the others cannot tell them apart, and here nobody decides ` +
            'without it. So no initial configuration need be bivalent, and the price is termination.',
        ),
      ];
    }
    const decides = valuesText(neighbours.decides, values, this.#format);
    return [
      this.#paragraph(
        `${names} Let ${id} crash before its first step: the others cannot tell them apart. Without ${id}, ` +
          `${placeName(left)} decides ${decides}, and so does ${placeName(right)}, by the same events:`,
      ),
      ...this.#numbered(runFrom(left, left.graph.world.initial(), neighbours.without ?? []).map(({ text }) => text)),
      this.#paragraph(`So both can decide ${decides}, and one of them something else too: it is bivalent.`),
    ];
  }

  stayingBivalent(): string {
    const { staying, disagreement } = this.#walk;
    const sum = (of: (one: StayingBivalent) => number) => staying.reduce((total, one) => total + of(one), 0);
    const title = this.#bold('Lemma 3: staying bivalent');
    const bivalent = sum((one) => one.bivalent);
    if (bivalent === 0)
      return [title, this.#paragraph('No configuration is bivalent: there is nothing to stay in.')].join('\n');
    const open = sum((one) => one.open);
    const failed = sum((one) => one.failed);
    const counts = [
      `${grouped(sum((one) => one.atOnce))} can be taken at once`,
      `${grouped(sum((one) => one.delayed))} later`,
      ...(failed === 0 ? [] : [`${grouped(failed)} NEVER`]),
      ...(open === 0 ? [] : [`of ${grouped(open)} the bounds do not let us know`]),
    ];
    const critical = staying.findIndex((one) => one.critical !== null);
    const longest = staying.map(({ longest }) => longest?.way.length ?? -1);
    const place = longest.indexOf(Math.max(...longest));
    return [
      title,
      this.#paragraph(
        `${counted(bivalent, 'configuration')} without a decision ${bivalent === 1 ? 'is' : 'are'} bivalent, with ` +
          `${counted(
            sum((one) => one.pairs),
            'applicable event',
          )}. Taken so that the next one is bivalent too: ${counts.join(', ')}.`,
      ),
      ...(place >= 0 && (longest[place] ?? 0) > 0 ? this.#longest(this.#explored(place), place) : []),
      ...(critical < 0 ? [] : this.#critical(this.#explored(critical), staying[critical]?.critical as Critical)),
      ...(failed > 0 && critical < 0 && staying.some(({ withdrawn }) => withdrawn)
        ? [this.#paragraph('Where it fails, the event is one that can be withdrawn: a timer that its process disarms.')]
        : []),
      ...(failed === 0 && open === 0 && disagreement === null
        ? [this.#paragraph('So the decision can be put off for ever, and no event is put off for ever.')]
        : []),
    ].join('\n');
  }

  #longest(explored: Explored, place: number): string[] {
    const longest = this.#walk.staying[place]?.longest;
    if (longest === null || longest === undefined) return [];
    const { graph } = explored;
    const start = graph.source[longest.at] as number;
    const before = wayTo(graph, start);
    const run = realRun(explored, [...before, ...longest.way, longest.taken]);
    const from =
      before.length === 0
        ? `from ${placeName(explored)}`
        : `${counted(before.length, 'event')} from ${placeName(explored)}`;
    return [
      this.#paragraph(`The event that has to wait longest, ${from}, is taken last here:`),
      ...this.#numbered(run.slice(before.length).map(({ text }) => text)),
    ];
  }

  #critical(explored: Explored, critical: Critical): string[] {
    const { configuration, edges, decider } = critical;
    const { graph, valences } = explored;
    const id = graph.world.ids[decider] ?? '';
    const way = wayTo(graph, configuration);
    const settles = edges.map((edge) => {
      const { event } = graph.world.events.value(graph.event[edge] as number);
      const after = valences.reachable[graph.target[edge] as number] as number;
      return `after "${headline(event, this.#format)}" it is ${valenceName(after, this.#walk.values, this.#format)}`;
    });
    return [
      this.#paragraph(
        `A critical configuration, ${counted(way.length, 'event')} from ${placeName(explored)}: ${list(settles)}. ` +
          `Its decider is ${id}. ${givenUp(critical, id)}`,
      ),
      ...(way.length > MOST_TOLD ? [] : this.#steps(explored, way)),
    ];
  }

  verdict(): string {
    const { disagreement, invention, endless } = this.#walk;
    // What was not explored may lose anything.
    const kept = this.#walk.line.some(({ graph }) => graph.cut > 0) ? 'kept within the bounds' : 'kept';
    const lost = (is: boolean) => (is ? this.#styled('LOST', 'red') : kept);
    const rows = [
      `agreement                   ${lost(disagreement !== null)}`,
      `validity                    ${invention === undefined ? 'not judged: nobody is given an input' : lost(invention !== null)}`,
      `termination with one crash  ${lost(endless !== null)}`,
    ];
    const none = disagreement === null && endless === null && (invention ?? null) === null;
    return [
      this.#bold('The verdict'),
      ...rows.map((row) => `  ${row}`),
      ...(none
        ? [
            this.#paragraph(
              'Nothing is lost within these bounds. No protocol keeps all three: what this one loses is beyond them.',
            ),
          ]
        : []),
      ...(disagreement === null ? [] : ['', this.#bold('Two decisions'), ...this.#shown(disagreement)]),
      ...((invention ?? null) === null
        ? []
        : [
            '',
            this.#bold('A decision that nobody proposed'),
            ...this.#shown(invention as NonNullable<typeof invention>),
          ]),
      ...(endless === null ? [] : ['', ...this.#endless()]),
    ].join('\n');
  }

  #shown({ place, edges }: NonNullable<Walk['disagreement']>): string[] {
    return [this.#paragraph(`From ${placeName(this.#explored(place))}:`), ...this.#steps(this.#explored(place), edges)];
  }

  #endless(): string[] {
    const { endless } = this.#walk;
    if (endless === null) return [];
    const { place, silent, stem, loop, bivalent } = endless;
    const explored = this.#explored(place);
    const id = silent === null ? null : (explored.graph.world.ids[silent] ?? '');
    const run = realRun(explored, [...stem, ...loop]).map(({ text }) => text);
    const title =
      loop.length === 0
        ? 'A configuration that is blocked'
        : bivalent
          ? 'A run that never decides, bivalent for ever'
          : 'A run in which a live process never decides';
    const crash = id === null ? [] : [this.#paragraph(`Then ${id} takes no more steps: it has crashed.`)];
    const end =
      loop.length === 0
        ? [
            this.#paragraph(
              `Nothing is left to be received, no timer is armed, and ${this.#waiting(explored, stem, silent)}.`,
            ),
          ]
        : [
            this.#paragraph('and then, again and again:'),
            ...this.#numbered(run.slice(stem.length), stem.length),
            this.#paragraph(this.#fairness(explored, id, loop.length)),
          ];
    return [
      this.#bold(title),
      this.#paragraph(`From ${placeName(explored)}${run.length === 0 ? ', before anything happens' : ''}:`),
      ...this.#numbered(run.slice(0, stem.length)),
      ...crash,
      ...end,
    ];
  }

  #fairness({ beginning }: Explored, silent: string | null, length: number): string {
    const who = silent === null ? 'Every process takes steps' : `Every process but ${silent} takes steps`;
    const higher =
      beginning.instance.consensus.ordered === undefined
        ? ''
        : ' The numbers are higher each time; their order is the same.';
    const late =
      beginning.instance.consensus.isLate === undefined
        ? ''
        : ' A message that comes too late to matter is received at once, and not told of.';
    return (
      `${who}, and whatever can be received or fires is received or fires, within these ${counted(length, 'event')}: the ` +
      `run is fair, and it never ends.${higher}${late}`
    );
  }

  #waiting({ graph, valences }: Explored, stem: readonly number[], silent: number | null): string {
    const last = stem.at(-1);
    const at = last === undefined ? 0 : (graph.target[last] as number);
    const configuration = graph.configurations[at] ?? [];
    const waiting = graph.world.ids.filter(
      (_, process) => process !== silent && graph.world.decided(configuration, process) === null,
    );
    const nobody = valences.decided[at] === 0 ? ' Nobody has decided' : ' Others have decided';
    return `${list(waiting)} ${waiting.length === 1 ? 'waits' : 'wait'} for ever.${nobody}`;
  }

  chances(chances: readonly (Chance | null)[]): string {
    const { line } = this.#walk;
    const title = this.#bold('With fair coins');
    const known = chances.flatMap((chance, place) => (chance === null ? [] : [{ chance, place }]));
    if (known.length < chances.length)
      return [title, this.#paragraph('A round may go on for ever without a toss: rounds are no measure here.')].join(
        '\n',
      );
    const columns = known[0]?.chance.within.length ?? 0;
    const rows = known.map(({ chance, place }) => [placeName(line[place] as Explored), ...chance.within.map(fraction)]);
    const head = [
      'inputs',
      ...Array.from({ length: columns }, (_, index) => `${index + 1} round${index === 0 ? '' : 's'}`),
    ];
    const everywhere = known.map(({ chance }) => chance.everywhere);
    const worst = everywhere.reduce(worse);
    return [
      title,
      this.#paragraph(
        'The scheduler picks every event but the coins; it sees all, and may leave one process out. The least probability, ' +
          'over all schedulers within the bounds, that somebody has decided within so many rounds:',
      ),
      ...tableOf(head, rows).map((row) => `  ${row}`.trimEnd()),
      this.#paragraph(
        worst !== null
          ? `From every configuration that can be reached, a decision comes within ${worst.rounds} more rounds with a ` +
              `probability of at least ${fraction(worst.probability)}. So it comes with probability 1: the runs that never decide have probability 0.`
          : 'From some configurations a decision may have no chance within so many rounds: look further ahead (--rounds).',
      ),
    ].join('\n');
  }

  #steps(explored: Explored, edges: readonly number[]): string[] {
    return this.#numbered(realRun(explored, edges).map(({ text }) => text));
  }

  #numbered(texts: readonly string[], before = 0): string[] {
    return texts.map((text, index) =>
      wrap(`  ${String(before + index + 1).padStart(4)}  `, 10, [{ text }], this.#paper),
    );
  }

  #valence(explored: Explored): string {
    return valenceName(valenceOf(explored), this.#walk.values, this.#format);
  }

  #explored(place: number): Explored {
    return this.#walk.line[place] as Explored;
  }

  #section(title: string, lines: readonly string[]): string {
    return [this.#bold(title), ...lines.map((text) => this.#paragraph(text))].join('\n');
  }

  #paragraph(text: string): string {
    return wrap('  ', 2, [{ text }], this.#paper);
  }

  #wrapped(text: string, hanging: number): string {
    return wrap('', hanging, [{ text, style: 'bold' }], this.#paper);
  }

  #bold(text: string): string {
    return this.#styled(text, 'bold');
  }

  #styled(text: string, style: Parameters<typeof paint>[1]): string {
    return paint(text, style, this.#paper.color);
  }
}

/** Which assumption of the lemma does not hold where there is a critical configuration. */
function givenUp({ withoutDecider, choice }: Critical, decider: string): string {
  if (withoutDecider === null)
    return `Without ${decider} nobody can decide from here: the protocol has given up termination with one crash.`;
  if (withoutDecider === undefined)
    return `Whether the others can decide without ${decider} is not known: it would take more than the bounds allow.`;
  if (choice) return `It is ${decider} that chooses, by which of its timers fires first: one withdraws the other.`;
  return `Without ${decider} the others can still decide, and it can decide otherwise: the protocol has given up agreement.`;
}

/** What holds of both: within the more rounds, at least the lesser probability; null when one of them is none. */
function worse(a: Chance['everywhere'], b: Chance['everywhere']): Chance['everywhere'] {
  if (a === null || b === null) return null;
  const probability = compare(a.probability, b.probability) <= 0 ? a.probability : b.probability;
  return { rounds: Math.max(a.rounds, b.rounds), probability };
}

/** Columns: the first left, the others right but for words. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const isNumber = (column: number) => rows.every((row) => /^[\d,/]*$/.test(row[column] ?? '')) && column > 0;
  return all.map((row) =>
    row
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  '),
  );
}
