/**
 * The puzzle of sliding tiles (the 15-puzzle and its smaller kin): tiles in a frame, of which one place is empty; a tile next
 * to it slides there.
 *
 * Source: Johnson and Story, "Notes on the '15' Puzzle" (American Journal of Mathematics 2, 1879): exactly half of all
 * arrangements can be reached. That half is told by a parity, which no move changes.
 */

import { type Actions, always, each, integer, sometimes, transitionSystem, when } from '../contract/index.ts';

export interface Frame {
  /** Row by row; 0 is the empty place. */
  readonly tiles: readonly number[];
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

export const soundRules = {
  /** Whether a tile can slide between two places that are so many rows and columns apart. */
  areNeighbours: (rows: number, columns: number): boolean => rows + columns === 1,
};

export type Rules = typeof soundRules;

export const slidingTilesSystem = transitionSystem({
  name: 'sliding-tiles',
  summary: 'The puzzle of sliding tiles: every arrangement that can be reached',
  parameters: {
    rows: integer({ default: 2, min: 1, max: 4, help: 'rows of the frame' }),
    columns: integer({ default: 3, min: 2, max: 5, help: 'columns of the frame' }),
  },
  rules: soundRules,
  mutants: {
    diagonally: {
      help: 'A tile may slide diagonally too.',
      rules: { areNeighbours: (rows, columns) => Math.max(rows, columns) === 1 },
      breaks: 'the parity is kept',
    },
  },

  build(size, rules) {
    const places = size.rows * size.columns;
    const inOrder = Array.from({ length: places }, (_, place) => (place + 1) % places);
    return {
      initial: (): Frame[] => [{ tiles: inOrder }],
      actions: slides(size, rules),
      properties: [
        always('the parity is kept', ({ tiles }: Frame) => parity(tiles, size) === parity(inOrder, size)),
        sometimes('the empty place comes first', ({ tiles }: Frame) => tiles[0] === 0),
      ],
    };
  },
});

/** A tile slides from one place to another, which is empty. */
function slides({ rows, columns }: Size, rules: Rules): Actions<Frame> {
  const places = Array.from({ length: rows * columns }, (_, place) => place);
  const pairs = places.flatMap((from) =>
    places
      .filter((to) =>
        rules.areNeighbours(
          Math.abs(Math.floor(from / columns) - Math.floor(to / columns)),
          Math.abs((from % columns) - (to % columns)),
        ),
      )
      .map((to) => [from, to] as const),
  );
  return {
    Slide: each([pairs], ({ tiles }, [from, to]) => {
      when(tiles[to] === 0);
      tiles[to] = tiles[from] ?? 0;
      tiles[from] = 0;
    }),
  };
}

/** That of the arrangement as a permutation, and of how far the empty place is from the last one: each move changes both. */
export function parity(tiles: readonly number[], { rows, columns }: Size): number {
  let inversions = 0;
  for (let place = 1; place < tiles.length; place++)
    for (let before = 0; before < place; before++) if (rank(tiles, before) > rank(tiles, place)) inversions++;
  const empty = tiles.indexOf(0);
  const distance = rows - 1 - Math.floor(empty / columns) + (columns - 1 - (empty % columns));
  return (inversions + distance) % 2;
}

/** The empty place counts as the last tile. */
function rank(tiles: readonly number[], place: number): number {
  return tiles[place] || tiles.length;
}
