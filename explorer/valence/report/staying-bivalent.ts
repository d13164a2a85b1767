/** Lemma 3 told: how often it holds, and where it fails the critical configuration. */

import { counted, grouped } from '../../report/numbers.ts';
import { headline, list } from '../../report/wording.ts';
import { wayTo } from '../configurations.ts';
import { type Explored, isCorrect } from '../initial-line.ts';
import type { Critical, StayingBivalent } from '../staying-bivalent.ts';
import { realRun } from '../told-run.ts';
import { placeName, valenceName } from '../words.ts';
import type { Lines, Voice } from './voice.ts';

/** Longer runs than this are not told before the verdict. */
const MOST_TOLD = 12;

export function stayingBivalent(voice: Voice): string {
  const { staying, disagreement } = voice.walk;
  const sum = (of: (one: StayingBivalent) => number) => staying.reduce((total, one) => total + of(one), 0);
  const title = voice.bold('Lemma 3: staying bivalent');
  const bivalent = sum((one) => one.bivalent);
  if (bivalent === 0)
    return [title, voice.paragraph('No configuration is bivalent: there is nothing to stay in.')].join('\n');
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
    voice.paragraph(
      `${counted(bivalent, 'configuration')} without a decision ${bivalent === 1 ? 'is' : 'are'} bivalent, with ` +
        `${counted(
          sum((one) => one.pairs),
          'applicable event',
        )}. Taken so that the next one is bivalent too: ${counts.join(', ')}.`,
    ),
    ...(place >= 0 && (longest[place] ?? 0) > 0 ? longestDelay(voice, voice.explored(place), place) : []),
    ...(critical < 0
      ? []
      : criticalConfiguration(voice, voice.explored(critical), staying[critical]?.critical as Critical)),
    ...(failed > 0 && critical < 0 && staying.some(({ withdrawn }) => withdrawn)
      ? [voice.paragraph('Where it fails, the event is one that can be withdrawn: a timer that its process disarms.')]
      : []),
    ...(failed === 0 && open === 0 && disagreement === null
      ? [voice.paragraph('So the decision can be put off for ever, and no event is put off for ever.')]
      : []),
  ].join('\n');
}

function longestDelay(voice: Voice, explored: Explored, place: number): Lines {
  const longest = voice.walk.staying[place]?.longest;
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
    voice.paragraph(`The event that has to wait longest, ${from}, is taken last here:`),
    ...voice.numbered(run.slice(before.length).map(({ text }) => text)),
  ];
}

function criticalConfiguration(voice: Voice, explored: Explored, critical: Critical): Lines {
  const { configuration, edges, decider } = critical;
  const { graph, valences } = explored;
  const id = graph.world.ids[decider] ?? '';
  const way = wayTo(graph, configuration);
  const settles = edges.map((edge) => {
    const { event } = graph.world.events.value(graph.event[edge] as number);
    const after = valences.reachable[graph.target[edge] as number] as number;
    return `after "${headline(event, voice.format)}" it is ${valenceName(after, voice.walk.values, voice.format)}`;
  });
  return [
    voice.paragraph(
      `A critical configuration, ${counted(way.length, 'event')} from ${placeName(explored)}: ${list(settles)}. ` +
        `Its decider is ${id}. ${givenUp(critical, id, isCorrect(explored, decider))}`,
    ),
    ...(way.length > MOST_TOLD ? [] : voice.steps(explored, way)),
  ];
}

/** Which assumption of the lemma does not hold where there is a critical configuration. */
function givenUp({ withoutDecider, choice }: Critical, decider: string, isCorrect: boolean): string {
  if (isCorrect)
    return `The lemma lets ${decider} crash here; but the failure detector promises that it does not, and the decision may wait for it.`;
  if (withoutDecider === null)
    return `Without ${decider} nobody can decide from here: the protocol has given up termination with one crash.`;
  if (withoutDecider === undefined)
    return `Whether the others can decide without ${decider} is not known: it would take more than the bounds allow.`;
  if (choice) return `It is ${decider} that chooses, by which of its timers fires first: one withdraws the other.`;
  return `Without ${decider} the others can still decide, and it can decide otherwise: the protocol has given up agreement.`;
}
