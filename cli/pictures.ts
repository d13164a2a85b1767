/** A run in the format that was asked for. */

import { spaceTimeDot, spaceTimeSvg } from '../explorer/report/space-time.ts';
import type { Instance } from '../model/contract/system.ts';
import { printTrace, type Trace } from '../model/contract/trace.ts';
import { ofModel } from './system-argument.ts';
import type { TraceFormat } from './traces.ts';

export function renderTrace(format: TraceFormat, instance: Instance, trace: Trace): string {
  return ofModel('drawing the run', () => {
    switch (format) {
      case 'json':
        return printTrace(trace);
      case 'svg':
        return spaceTimeSvg(instance, trace);
      case 'dot':
        return spaceTimeDot(instance, trace);
      case 'html':
      case 'itf':
        throw new Error(`${format}: not yet`);
    }
  });
}
