/** The entry of a thread that takes part in a search: it loads the model, says that it is ready, and works phase by phase. */

import { workerData } from 'node:worker_threads';
import { type Report, stopOf, type ThreadData } from './crew.ts';
import { expanderOf } from './expander-of.ts';
import { Expansion } from './expansion.ts';
import { SharedInterningLog } from './interning-log.ts';
import { loadInstance } from './origin.ts';
import { COMMAND, DONE, EXPAND, FINISH, GROW, PHASE, READY } from './search-memory.ts';

const { worker, memory, log, parts, origin, profile, port, ...data } = workerData as ThreadData;
const control = new Int32Array(memory.control);
const instance = await loadInstance(origin);
const expander = expanderOf(instance, data.expander);
expander.interning.share(new SharedInterningLog(log), parts);
const expansion = new Expansion(expander, memory, worker, { exact: false, profiled: profile ? instance : null });
Atomics.store(control, READY + worker, 1);

for (let phase = 0; ; ) {
  Atomics.wait(control, PHASE + worker, phase);
  phase = Atomics.load(control, PHASE + worker);
  port.postMessage(report());
  Atomics.add(control, DONE, 1);
  Atomics.notify(control, DONE);
}

function report(): Report {
  try {
    work();
    // A profile is long: it is told once, in the end.
    const profile = control[COMMAND] === FINISH ? (expansion.profiler?.counts() ?? null) : null;
    return { counts: expansion.tally.counts(), handlerCalls: expander.handlerCalls, profile };
  } catch (thrown) {
    const stop = stopOf(thrown);
    if (stop !== null) return { stop };
    const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { failed: { isModelError: name === 'ModelError', message } };
  }
}

function work(): void {
  switch (control[COMMAND]) {
    case EXPAND:
      expansion.begin();
      while (expansion.advance());
      return expansion.end();
    case GROW:
      return expansion.visited.growShards();
    default:
      return expander.verifyPurity();
  }
}
