/** The walk as a text for people: each step of the proof, and what it finds on this protocol. */

import { describeBounds } from '../../bounds.ts';
import { settings } from '../../report/names.ts';
import { counted, grouped } from '../../report/numbers.ts';
import type { Paper } from '../../report/text.ts';
import { actorLabel, list } from '../../report/wording.ts';
import type { Walk } from '../walk.ts';
import { chances } from './chances.ts';
import { initialLine } from './initial-line.ts';
import { stayingBivalent } from './staying-bivalent.ts';
import { verdict } from './verdict.ts';
import { Voice } from './voice.ts';

export function walkText(walk: Walk, paper: Paper): string {
  const voice = new Voice(walk, paper);
  return [
    title(voice),
    world(voice),
    commutativity(voice),
    initialLine(voice),
    stayingBivalent(voice),
    verdict(voice),
    ...(walk.chances === null ? [] : [chances(voice, walk.chances)]),
  ].join('\n\n');
}

function title(voice: Voice): string {
  const { system, mutant, line } = voice.walk;
  const parameters = line[0]?.beginning.parameters ?? {};
  const inputs = Object.entries(system.parameters).find(([, { kind }]) => kind === 'inputs')?.[0];
  const others = Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== inputs));
  return voice.heading(`${system.name} ${settings(others, mutant)}`.trim());
}

function world(voice: Voice): string {
  const { graph, beginning } = voice.explored(0);
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
  const { detector } = consensus;
  const isBound = detector === undefined ? /^at most|^only states|^timeouts|^no timeouts/ : /^at most|^only states/;
  const within = described.filter((text) => isBound.test(text));
  const requests = described.filter((text) => text.startsWith('client requests'));
  const ordered =
    consensus.ordered === undefined ? [] : [`of ${list(consensus.ordered.fields)} only the order matters`];
  return voice.section('The world of the theorem', [
    `${list(graph.world.ids)}; every message is received in the end, in any order; one process may crash, which nobody ` +
      'can tell from its being slow',
    ...(detector === undefined ? [] : [`beyond that world, a failure detector: ${detector.promise}`]),
    ...requests,
    ...(within.length + ordered.length === 0
      ? []
      : [`to keep the graph finite: ${[...ordered, ...within].join('; ')}`]),
  ]);
}

function commutativity(voice: Voice): string {
  const { diamonds, cut, open, example, place } = voice.walk.commutativity;
  const explored = voice.explored(place);
  const label = (edge: number) =>
    actorLabel(explored.graph.world.events.value(explored.graph.event[edge] as number).event, voice.format);
  const lines = [
    open === null
      ? `${counted(diamonds, 'pair')} of applicable events of different processes: in either order, they lead to the same configuration`
      : `NOT SO: ${label(open.first)}, and ${label(open.second)}, lead elsewhere in the other order. The processes share more than messages`,
    ...(cut === 0 ? [] : [`${grouped(cut)} more with a corner beyond a bound`]),
    ...(example === null ? [] : [`one of them: ${label(example.first)}; and ${label(example.second)}`]),
  ];
  return voice.section('Lemma 1: disjoint schedules commute', lines);
}
