/** A trace in the format that was asked for. */

import type { Instance } from '../model/contract/system.ts';
import { printTrace, type Trace } from '../model/contract/trace.ts';

export type TraceFormat = 'json' | 'itf' | 'svg' | 'dot' | 'html';

export async function renderTrace(format: TraceFormat, _instance: Instance, trace: Trace): Promise<string> {
  if (format === 'json') return printTrace(trace);
  throw new Error(`${format}: not yet`);
}
