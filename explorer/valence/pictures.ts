/** Graphs of the walk, for Graphviz: configurations coloured by what can still be decided in them. */

import { type DotAttributes, digraph, edge, leftAligned, node, sameRank } from '../report/dot.ts';
import { counted } from '../report/numbers.ts';
import { AMBER, BLUE, FAINT, GREY, INK, PALE_AMBER, PALE_BLUE, PALE_VIOLET, VIOLET } from '../report/palette.ts';
import { fieldTexts, shortened } from '../report/state-label.ts';
import { actorLabel } from '../report/wording.ts';
import { BEYOND, edgesOf, wayTo } from './configurations.ts';
import { type Explored, valenceOf } from './initial-line.ts';
import { isBivalent, type ValueSet, valuesIn } from './values.ts';
import { mainPlace, type Walk } from './walk.ts';
import { formatOf, placeName, valenceName, valuesText } from './words.ts';

export const GRAPHS = ['line', 'diamond', 'graph'] as const;
export type Graph = (typeof GRAPHS)[number];

/** A graph with more configurations than this is drawn as a quotient. */
const MOST_NODES = 40;
/** Events that an edge between classes names. */
const MOST_NAMED = 3;

/** In the language of Graphviz; null when the walk has nothing to show in it. */
export function drawGraph(walk: Walk, graph: Graph): string | null {
  const draughtsman = new Draughtsman(walk);
  switch (graph) {
    case 'line':
      return draughtsman.line();
    case 'diamond':
      return draughtsman.diamond();
    case 'graph':
      return draughtsman.graph();
  }
}

class Draughtsman {
  readonly #walk: Walk;
  readonly #format: ReturnType<typeof formatOf>;

  constructor(walk: Walk) {
    this.#walk = walk;
    this.#format = formatOf(walk);
  }

  /** Lemma 2: the initial configurations on their line, and the neighbours that the lemma is about. */
  line(): string {
    const { line, neighbours } = this.#walk;
    const nodes = line.map((explored, place) =>
      node(`p${place}`, {
        ...this.#look(valenceOf(explored), [placeName(explored), `can decide ${this.#values(valenceOf(explored))}`]),
        ...(neighbours?.pair.includes(place) ? { penwidth: 3 } : {}),
      }),
    );
    const edges = line.slice(1).map((right, index) => {
      const left = line[index] as Explored;
      const bold = neighbours?.pair[0] === index ? { penwidth: 3 } : { color: GREY };
      return edge(`p${index}`, `p${index + 1}`, { label: ` ${this.#difference(left, right)} `, dir: 'none', ...bold });
    });
    const id = neighbours === null ? '' : (line[0]?.graph.world.ids[neighbours.differ] ?? '');
    const caption = [
      'Initial configurations; neighbours differ in the input of one process',
      ...(neighbours === null ? [] : [`bold: neighbours that nobody but ${id} can tell apart`]),
    ];
    return digraph({ rankdir: 'LR', label: leftAligned(caption), labeljust: 'l' }, [...nodes, ...edges]);
  }

  /** Lemma 1: two events in both orders. */
  diamond(): string | null {
    const { example, place } = this.#walk.commutativity;
    if (example === null) return null;
    const explored = this.#explored(place);
    const { target } = explored.graph;
    const { from, first, second, closing } = example;
    const corners = [from, target[first] as number, target[second] as number, target[closing[0]] as number];
    const edges = [first, second, ...closing].map((at) =>
      this.#edge(explored, at, `c${explored.graph.source[at]}`, `c${target[at]}`),
    );
    const nodes = [...new Set(corners)].map((at) => this.#configuration(explored, at));
    const sides = sameRank([`c${corners[1]}`, `c${corners[2]}`]);
    const caption = [
      'Two events of different processes, in either order',
      ...this.#legend(corners.map((at) => explored.valences.reachable[at] as number)),
    ];
    return digraph({ label: leftAligned(caption), labeljust: 'l' }, [...nodes, sides, ...edges]);
  }

  /** Lemma 3: all configurations; the run that stays bivalent, or the one that shows what was given up, in bold. */
  graph(): string {
    const { place, edges, what } = this.#boldRun();
    const explored = this.#explored(place);
    const { graph, valences } = explored;
    const shown = new Set([0, ...edges.map((at) => graph.target[at] as number)]);
    const whole = graph.configurations.length <= MOST_NODES;
    const bold = new Set(edges);
    const nameOf = (at: number): string => (whole || shown.has(at) ? `c${at}` : this.#className(explored, at));
    const alone = [...graph.configurations.keys()].filter((at) => whole || shown.has(at));
    const nodes = alone.map((at) => this.#configuration(explored, at, shown.has(at) ? { penwidth: 3 } : {}));
    const drawn = [...bold].map((at) =>
      this.#edge(explored, at, nameOf(graph.source[at] as number), nameOf(graph.target[at] as number), { penwidth: 3 }),
    );
    const merged = this.#merged(explored, bold, nameOf);
    const caption = [
      `${counted(graph.configurations.length, 'configuration')} from ${placeName(explored)}; in bold: ${what}`,
      ...(whole
        ? []
        : ['all other configurations: one node for those in which the same is decided and can be decided']),
      ...this.#legend([...valences.reachable]),
    ];
    const attributes = { label: leftAligned(caption), labeljust: 'l', nodesep: 0.3, ranksep: 0.4 };
    return digraph(attributes, [...nodes, ...(whole ? [] : this.#classes(explored, shown)), ...drawn, ...merged]);
  }

  /** The run that is drawn in bold: for ever bivalent, to the critical configuration, or the verdict's witness. */
  #boldRun(): { place: number; edges: readonly number[]; what: string } {
    const { endless, staying, disagreement } = this.#walk;
    if (endless?.bivalent)
      return {
        place: endless.place,
        edges: [...endless.stem, ...endless.loop],
        what: 'a run that stays bivalent for ever',
      };
    if (disagreement !== null) return { ...disagreement, what: 'a run to two decisions' };
    const critical = staying.findIndex((one) => one.critical !== null);
    if (critical >= 0) {
      const { configuration } = staying[critical]?.critical ?? { configuration: 0 };
      const edges = wayTo(this.#explored(critical).graph, configuration);
      return { place: critical, edges, what: 'a run to a critical configuration' };
    }
    if (endless === null) return { place: mainPlace(this.#walk), edges: [], what: 'the initial configuration' };
    const silent =
      endless.silent === null ? '' : `, when ${this.#explored(endless.place).graph.world.ids[endless.silent]} crashes`;
    return {
      place: endless.place,
      edges: [...endless.stem, ...endless.loop],
      what: `${endless.loop.length === 0 ? 'a run that is blocked' : 'a run that never decides'}${silent}`,
    };
  }

  /** The edges that are not in bold, together when they join the same two nodes; those within a class are left out. */
  #merged(explored: Explored, bold: ReadonlySet<number>, nameOf: (at: number) => string): string[] {
    const { graph } = explored;
    const joined = new Map<string, { from: string; to: string; labels: Set<string> }>();
    for (const [at, to] of graph.target.entries()) {
      if (to === BEYOND || bold.has(at)) continue;
      const [from, into] = [nameOf(graph.source[at] as number), nameOf(to)];
      if (from === into) continue;
      const key = `${from} ${into}`;
      const known = joined.get(key) ?? { from, to: into, labels: new Set<string>() };
      joined.set(key, known);
      // Only what leaves a configuration of its own can be named; between classes there are too many.
      if (from.startsWith('c')) known.labels.add(this.#label(explored, at));
    }
    return [...joined.values()].map(({ from, to, labels }) => {
      const named = [...labels].slice(0, MOST_NAMED);
      const more = labels.size - named.length;
      const lines = [...named, ...(more > 0 ? [`and ${more} more`] : [])].map((text) => ` ${text}`);
      return edge(from, to, { color: GREY, fontcolor: GREY, label: leftAligned(lines) });
    });
  }

  /** A node for each class of the configurations that are not drawn one by one. */
  #classes(explored: Explored, shown: ReadonlySet<number>): string[] {
    const { graph, valences } = explored;
    const sizes = new Map<string, { at: number; size: number }>();
    for (const at of graph.configurations.keys()) {
      if (shown.has(at)) continue;
      const name = this.#className(explored, at);
      sizes.set(name, { at, size: (sizes.get(name)?.size ?? 0) + 1 });
    }
    return [...sizes].map(([name, { at, size }]) => {
      const decided = valences.decided[at] as number;
      const lines = [
        counted(size, 'configuration'),
        decided === 0
          ? 'nothing is decided'
          : `decided: ${valuesIn(decided)
              .map((value) => this.#format.value(this.#walk.values[value]))
              .join(' and ')}`,
      ];
      return node(name, { ...this.#look(valences.reachable[at] as number, lines), peripheries: 2 });
    });
  }

  #className({ valences }: Explored, at: number): string {
    return `decided ${valences.decided[at]} of ${valences.reachable[at]}`;
  }

  /** A configuration: what its processes are that is not as at the start, and what is in the buffer. */
  #configuration(explored: Explored, at: number, more: DotAttributes = {}): string {
    const { world, configurations } = explored.graph;
    const configuration = configurations[at] ?? [];
    const initial = configurations[0] ?? [];
    const processes = world.ids.flatMap((id, process) => {
      if (configuration[process] === initial[process]) return [];
      const was = fieldTexts(world.state(initial, process), this.#format);
      const is = fieldTexts(world.state(configuration, process), this.#format).filter((text) => !was.includes(text));
      return is.length === 0 ? [] : [`${id} ${is.join(', ')}`];
    });
    const buffer = world
      .buffer(configuration)
      .map(({ from, to, message }) => `${from} > ${to}: ${this.#format.tagged(message)}`);
    const lines = [...processes, ...buffer];
    const start = at === 0 ? [placeName(explored)] : [];
    const quiet = edgesOf(explored.graph, at).length === 0 ? { peripheries: 2 } : {};
    const valence = explored.valences.reachable[at] as number;
    return node(`c${at}`, {
      ...this.#look(
        valence,
        shortened([...start, ...lines, ...(lines.length + start.length === 0 ? ['as at the start'] : [])]),
      ),
      ...quiet,
      ...more,
    });
  }

  #edge(explored: Explored, at: number, from: string, to: string, look: DotAttributes = {}): string {
    return edge(from, to, { label: ` ${this.#label(explored, at)}`, ...look });
  }

  #label({ graph: { world, event } }: Explored, at: number): string {
    return actorLabel(world.events.value(event[at] as number).event, this.#format);
  }

  #look(valence: ValueSet, lines: readonly string[]): DotAttributes {
    const [color, fillcolor] = this.#colours(valence);
    return { shape: 'box', style: 'rounded,filled', color, fillcolor, label: leftAligned(lines) };
  }

  /** The first value blue, all others amber, several violet, none grey. */
  #colours(valence: ValueSet): readonly [string, string] {
    if (valence === 0) return [INK, FAINT];
    if (isBivalent(valence)) return [VIOLET, PALE_VIOLET];
    return this.#values(valence) === this.#values(this.#lowest()) ? [BLUE, PALE_BLUE] : [AMBER, PALE_AMBER];
  }

  /** The value that is listed first. */
  #lowest(): ValueSet {
    const names = this.#walk.values.map((_, value) => ({ value, name: this.#values(1 << value) }));
    const [first] = names.sort((a, b) => (a.name < b.name ? -1 : 1));
    return first === undefined ? 0 : 1 << first.value;
  }

  #legend(valences: readonly ValueSet[]): string[] {
    const words: Readonly<Record<string, string>> = {
      [PALE_BLUE]: 'blue',
      [PALE_AMBER]: 'amber',
      [PALE_VIOLET]: 'violet',
      [FAINT]: 'grey',
    };
    const kinds = [...new Set(valences)].sort((a, b) => a - b);
    return kinds.map(
      (valence) => `${words[this.#colours(valence)[1]]}: ${valenceName(valence, this.#walk.values, this.#format)}`,
    );
  }

  #values(valence: ValueSet): string {
    return valuesText(valence, this.#walk.values, this.#format);
  }

  #difference(left: Explored, right: Explored): string {
    const [one, other] = [left.beginning.instance.consensus.inputs, right.beginning.instance.consensus.inputs];
    return Object.keys(one).find((id) => one[id] !== other[id]) ?? '';
  }

  #explored(place: number): Explored {
    return this.#walk.line[place] as Explored;
  }
}
