/** npx lockstep check examples/two-stacks.ts */

import { equal, refines, type Specification, sometimes, transitionSystem } from 'lockstep';

type Items = readonly number[];

/** A queue: in a step, an item enters at the end or the first one leaves. */
const queue: Specification<Items> = {
  name: 'a queue',
  initial: (items) => items.length === 0,
  step: (before, after) =>
    equal(before, after.slice(0, -1)) || equal(before.slice(1), after) || `${before} became ${after}`,
};

interface State {
  readonly entered: number;
  readonly inbox: Items;
  readonly outbox: Items;
}

export default transitionSystem({
  name: 'two-stacks',
  summary: 'A queue made of two stacks: items are pushed on one and popped off the other',
  rules: { mayMove: (outbox: Items) => outbox.length === 0 },
  mutants: {
    'move-early': {
      help: 'Items are moved while there are some in the outbox.',
      rules: { mayMove: () => true },
      breaks: 'refines a queue',
    },
  },
  build: (_, { mayMove }) => ({
    initial: (): State[] => [{ entered: 0, inbox: [], outbox: [] }],
    *next({ entered, inbox, outbox }: State) {
      if (entered < 3) yield ['enter', { entered: entered + 1, inbox: [...inbox, entered + 1], outbox }] as const;
      if (outbox.length > 0) yield ['leave', { entered, inbox, outbox: outbox.slice(0, -1) }] as const;
      if (inbox.length > 0 && mayMove(outbox))
        yield ['move all', { entered, inbox: [], outbox: [...outbox, ...inbox.toReversed()] }] as const;
    },
    properties: [
      refines(queue, ({ inbox, outbox }: State) => [...outbox.toReversed(), ...inbox]),
      sometimes('both stacks are in use', ({ inbox, outbox }: State) => inbox.length > 0 && outbox.length > 0),
    ],
  }),
});
