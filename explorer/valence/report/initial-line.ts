/** Lemma 2 told: the line of initial configurations, and the neighbours that differ in one process. */

import { grouped } from '../../report/numbers.ts';
import { type Explored, isCorrect, valenceOf } from '../initial-line.ts';
import { runFrom } from '../told-run.ts';
import { isBivalent } from '../values.ts';
import { placeName, valuesText } from '../words.ts';
import { type Lines, tableOf, type Voice } from './voice.ts';

export function initialLine(voice: Voice): string {
  const { line, values } = voice.walk;
  const rows = line.map((explored) => {
    const name = explored.beginning.inputs === '' ? '-' : explored.beginning.inputs;
    const valence = valenceOf(explored);
    const can = `${valuesText(valence, values, voice.format)}`;
    return [name, grouped(explored.graph.configurations.length), can, isBivalent(valence) ? 'bivalent' : ''] as const;
  });
  const table = tableOf(['inputs', 'configurations', 'can decide', ''], rows);
  const title = voice.bold('Lemma 2: a bivalent initial configuration');
  return [title, ...table, ...neighbours(voice)].join('\n');
}

function neighbours(voice: Voice): Lines {
  const { line, neighbours, values } = voice.walk;
  if (line.length === 1)
    return [voice.paragraph('The system has no parameter for the inputs: there is no line to walk along.')];
  if (neighbours === null)
    return [voice.paragraph('All have one valence: what is decided does not depend on the inputs.')];
  const [left, right] = neighbours.pair.map((place) => voice.explored(place)) as [Explored, Explored];
  const id = left.graph.world.ids[neighbours.differ] ?? '';
  const names = `${placeName(left)} is ${voice.valence(left)}, ${placeName(right)} is ${voice.valence(right)}, and they differ in ${id}.`;
  if (isCorrect(left, neighbours.differ)) {
    return [
      voice.paragraph(
        `${names} The lemma lets ${id} crash before its first step, and then nobody can tell them apart; but here the failure ` +
          `detector promises that ${id} does not crash.`,
      ),
    ];
  }
  if (neighbours.without === undefined) {
    return [
      voice.paragraph(
        `${names} Let ${id} crash before its first step: the others cannot tell them apart. Whether they can decide without ` +
          'it is not known: it would take more than the bounds allow.',
      ),
    ];
  }
  if (!neighbours.same) {
    return [
      voice.paragraph(
        `${names} Let ${id} crash before its first step: the others cannot tell them apart, and here nobody decides ` +
          'without it. So no initial configuration need be bivalent, and the price is termination.',
      ),
    ];
  }
  const decides = valuesText(neighbours.decides, values, voice.format);
  return [
    voice.paragraph(
      `${names} Let ${id} crash before its first step: the others cannot tell them apart. Without ${id}, ` +
        `${placeName(left)} decides ${decides}, and so does ${placeName(right)}, by the same events:`,
    ),
    ...voice.numbered(runFrom(left, left.graph.world.initial(), neighbours.without ?? []).map(({ text }) => text)),
    voice.paragraph(`So both can decide ${decides}, and one of them something else too: it is bivalent.`),
  ];
}
