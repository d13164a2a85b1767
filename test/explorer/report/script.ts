/** Runs by script: each line is the headline of the event that happens next. */

import type { FoundRun } from '../../../explorer/exploration.ts';
import { formatterOf } from '../../../explorer/report/format.ts';
import { headline } from '../../../explorer/report/wording.ts';
import { semanticsOf } from '../../../explorer/semantics/semantics.ts';
import type { Instance } from '../../../model/contract/system.ts';
import type { TraceEvent } from '../../../model/contract/trace.ts';

export function script(instance: Instance, ...lines: readonly string[]): FoundRun {
  const semantics = semanticsOf(instance);
  const format = formatterOf(instance);
  let state = semantics.initial()[0]?.state;
  const events: TraceEvent[] = [];
  for (const line of lines) {
    const possible = semantics.successors(state);
    const taken = possible.find(({ event }) => headline(event, format) === line);
    if (taken === undefined) {
      const others = possible.map(({ event }) => headline(event, format)).join('\n');
      throw new Error(`there is no '${line}'; there is\n${others}`);
    }
    events.push(taken.event);
    state = taken.state;
  }
  return { initial: 0, events };
}
