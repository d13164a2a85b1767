/** The verdict told: which of the three promises is lost, and what shows it. */

import { counted } from '../../report/numbers.ts';
import { list } from '../../report/wording.ts';
import type { Explored } from '../initial-line.ts';
import { realRun } from '../told-run.ts';
import type { Shown } from '../walk.ts';
import { placeName } from '../words.ts';
import type { Lines, Voice } from './voice.ts';

export function verdict(voice: Voice): string {
  const { disagreement, invention, endless } = voice.walk;
  // What was not explored may lose anything.
  const kept = voice.walk.line.some(({ graph }) => graph.cut > 0) ? 'kept within the bounds' : 'kept';
  const lost = (is: boolean) => (is ? voice.styled('LOST', 'red') : kept);
  const rows = [
    `agreement                   ${lost(disagreement !== null)}`,
    `validity                    ${invention === undefined ? 'not judged: nobody is given an input' : lost(invention !== null)}`,
    `termination with one crash  ${lost(endless !== null)}`,
  ];
  const { detector } = voice.explored(0).beginning.instance.consensus;
  const none = disagreement === null && endless === null && (invention ?? null) === null;
  return [
    voice.bold('The verdict'),
    ...rows.map((row) => `  ${row}`),
    ...(none
      ? [
          voice.paragraph(
            detector === undefined
              ? 'Nothing is lost within these bounds. No protocol keeps all three: what this one loses is beyond them.'
              : `Nothing is lost, and the theorem does not say that anything must be: to it, a process that has crashed cannot be ` +
                  `told from a slow one. Here a failure detector can tell: ${detector.promise}.`,
          ),
        ]
      : []),
    ...(disagreement === null ? [] : ['', voice.bold('Two decisions'), ...shown(voice, disagreement)]),
    ...((invention ?? null) === null
      ? []
      : [
          '',
          voice.bold('A decision that nobody proposed'),
          ...shown(voice, invention as NonNullable<typeof invention>),
        ]),
    ...(endless === null ? [] : ['', ...endlessRun(voice)]),
  ].join('\n');
}

function shown(voice: Voice, { place, edges }: Shown): Lines {
  return [voice.paragraph(`From ${placeName(voice.explored(place))}:`), ...voice.steps(voice.explored(place), edges)];
}

function endlessRun(voice: Voice): Lines {
  const { endless } = voice.walk;
  if (endless === null) return [];
  const { place, silent, stem, loop, bivalent } = endless;
  const explored = voice.explored(place);
  const id = silent === null ? null : (explored.graph.world.ids[silent] ?? '');
  const run = realRun(explored, [...stem, ...loop]).map(({ text }) => text);
  const title =
    loop.length === 0
      ? 'A configuration that is blocked'
      : bivalent
        ? 'A run that never decides, bivalent for ever'
        : 'A run in which a live process never decides';
  const crash = id === null ? [] : [voice.paragraph(`Then ${id} takes no more steps: it has crashed.`)];
  const end =
    loop.length === 0
      ? [voice.paragraph(`Nothing is left to be received, no timer is armed, and ${waiting(explored, stem, silent)}.`)]
      : [
          voice.paragraph('and then, again and again:'),
          ...voice.numbered(run.slice(stem.length), stem.length),
          voice.paragraph(fairness(explored, id, loop.length)),
        ];
  return [
    voice.bold(title),
    voice.paragraph(`From ${placeName(explored)}${run.length === 0 ? ', before anything happens' : ''}:`),
    ...voice.numbered(run.slice(0, stem.length)),
    ...crash,
    ...end,
  ];
}

function fairness({ beginning }: Explored, silent: string | null, length: number): string {
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

function waiting({ graph, valences }: Explored, stem: readonly number[], silent: number | null): string {
  const last = stem.at(-1);
  const at = last === undefined ? 0 : (graph.target[last] as number);
  const configuration = graph.configurations[at] ?? [];
  const waiting = graph.world.ids.filter(
    (_, process) => process !== silent && graph.world.decided(configuration, process) === null,
  );
  const nobody = valences.decided[at] === 0 ? ' Nobody has decided' : ' Others have decided';
  return `${list(waiting)} ${waiting.length === 1 ? 'waits' : 'wait'} for ever.${nobody}`;
}
