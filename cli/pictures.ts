/** A run in the format that was asked for. */

import { traceHtml } from '../explorer/report/html.ts';
import { traceToItf } from '../explorer/report/itf.ts';
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
      case 'itf':
        return `${JSON.stringify(traceToItf(instance, trace), null, 2)}\n`;
      case 'svg':
        return spaceTimeSvg(instance, trace);
      case 'dot':
        return spaceTimeDot(instance, trace);
      case 'html':
        return traceHtml(instance, trace);
    }
  });
}
