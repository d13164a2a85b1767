/** Coins told: how probable a decision is within so many rounds. */

import type { Chance } from '../chance.ts';
import type { Explored } from '../initial-line.ts';
import { compare, fraction } from '../rational.ts';
import { placeName } from '../words.ts';
import { tableOf, type Voice } from './voice.ts';

export function chances(voice: Voice, chances: readonly (Chance | null)[]): string {
  const { line } = voice.walk;
  const title = voice.bold('With fair coins');
  const known = chances.flatMap((chance, place) => (chance === null ? [] : [{ chance, place }]));
  if (known.length < chances.length)
    return [title, voice.paragraph('A round may go on for ever without a toss: rounds are no measure here.')].join(
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
    voice.paragraph(
      'The scheduler picks every event but the coins; it sees all, and may leave one process out. The least probability, ' +
        'over all schedulers within the bounds, that somebody has decided within so many rounds:',
    ),
    ...tableOf(head, rows),
    voice.paragraph(
      worst !== null
        ? `From every configuration that can be reached, a decision comes within ${worst.rounds} more rounds with a ` +
            `probability of at least ${fraction(worst.probability)}. So it comes with probability 1: the runs that never decide have probability 0.`
        : 'From some configurations a decision may have no chance within so many rounds: look further ahead (--rounds).',
    ),
  ].join('\n');
}

/** What holds of both: within the more rounds, at least the lesser probability; null when one of them is none. */
function worse(a: Chance['everywhere'], b: Chance['everywhere']): Chance['everywhere'] {
  if (a === null || b === null) return null;
  const probability = compare(a.probability, b.probability) <= 0 ? a.probability : b.probability;
  return { rounds: Math.max(a.rounds, b.rounds), probability };
}
