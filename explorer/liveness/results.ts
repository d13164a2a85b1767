/** Verdicts on temporal properties as results of a check: with traces and sentences. */

import type { Instance } from '../../model/contract/system.ts';
import type { Trace } from '../../model/contract/trace.ts';
import type { PropertyResult } from '../check.ts';
import type { FoundRun } from '../exploration.ts';
import { replay } from '../replay.ts';
import { explainLasso } from './explain-lasso.ts';
import type { TemporalVerdict } from './judge-temporal.ts';

/** A result for each temporal property of the instance; `null` verdicts are of properties that were not judged. */
export function temporalResults(
  instance: Instance,
  verdicts: readonly (TemporalVerdict | null)[],
  traceOf: (property: string, run: FoundRun) => Trace,
): PropertyResult[] {
  return instance.temporal.map((property, index): PropertyResult => {
    const { name, kind } = property;
    const judged = verdicts[index] ?? { verdict: 'unknown', open: 0 };
    const found = { name, kind, verdict: judged.verdict, trace: null, explanation: null };
    if (judged.verdict === 'violated') {
      const { run } = judged;
      const explanation = explainLasso(replay(instance, run), run.loop, property as never);
      return { ...found, trace: traceOf(name, run), explanation };
    }
    if (judged.verdict === 'unknown' && judged.open > 0) return { ...found, explanation: leaving(judged.open) };
    return found;
  });
}

function leaving(open: number): string {
  const states = open === 1 ? 'one state' : `${open.toLocaleString('en-US')} states`;
  return `no run within the bounds violates it, but in ${states} a run can leave them while it is open`;
}
