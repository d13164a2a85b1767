/** What is not asked, since it follows from what is: that where there is a field, there is what it is a field of. */

import { expect, test } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { always, type Draft, each, type System, transitionSystem, when } from '../../../model/contract/index.ts';

interface State {
  readonly step: number;
  readonly box: { readonly k: number } | ReadonlyMap<string, number>;
}

/** Whether `k` is 1 is the same in both boxes; whether it is in a Map is not. */
function boxes(boxedLater: boolean): System {
  const map = new Map([['k', 1]]);
  return transitionSystem({
    name: 'boxes',
    summary: 'one box, and then another',
    initial: () => [{ step: 0, box: { k: 1 } }],
    actions: {
      go: each([[0, 1, 2, 3]], (state: Draft<State>, step) => {
        when(state.step === step);
        state.step = step + 1;
        if (step === 2 && boxedLater) state.box = map;
      }),
      object: (state: Draft<State>) => {
        const { box } = state;
        when(!(box instanceof Map) && (box as { k: number }).k === 1);
        state.step = 9;
      },
    },
    properties: [
      always('no Map', ({ box }: State) => !(box instanceof Map) || box.get('k') !== 1),
      always('an object', ({ box }: State) => (box as { k?: number }).k === 1),
    ],
  });
}

test('a container that turns out to have two kinds is asked for from then on', async () => {
  for (const boxedLater of [false, true]) {
    const [engine, naive] = await Promise.all(
      (['engine', 'naive'] as const).map((explorer) => check(boxes(boxedLater), { explorer })),
    );
    const essence = (result: typeof engine) => {
      const { distinct, generated, properties } = result ?? { distinct: 0, generated: 0, properties: [] };
      return { distinct, generated, verdicts: properties.map(({ name, verdict }) => [name, verdict]) };
    };
    expect(essence(engine)).toEqual(essence(naive));
    expect(engine?.verdict).toBe(boxedLater ? 'violated' : 'holds');
  }
});
