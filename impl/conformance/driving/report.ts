/** What driving a model through real nodes has shown, in words. */

import { formatterOf } from '../../../explorer/report/format.ts';
import { settings } from '../../../explorer/report/names.ts';
import { counted, grouped } from '../../../explorer/report/numbers.ts';
import { type Paper, type Span, wrap } from '../../../explorer/report/text.ts';
import { headline } from '../../../explorer/report/wording.ts';
import { toJson } from '../../../model/contract/data.ts';
import type { ParameterValue } from '../../../model/contract/parameter.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import type { DriveResult } from './drive.ts';

export function drivingText(
  system: string,
  parameters: Readonly<Record<string, ParameterValue>>,
  instance: ProcessInstance,
  { states, known, exercised, schedules, steps, divergence, elapsedMs }: DriveResult,
  paper: Paper,
): string {
  const format = formatterOf(instance);
  const line = (text: string): string => wrap('  ', 4, [{ text }], paper);
  const story = (divergence?.events ?? []).map((event, index) =>
    wrap(`${String(index + 1).padStart(3)}  `, 5, [{ text: headline(event, format) }], paper),
  );
  const differences = (divergence?.differences ?? []).map(({ path, model, recorded }) =>
    line(`${path}: model ${format.value(model)}, node ${format.value(recorded)}`),
  );
  const ending: Span[] =
    divergence === null
      ? [
          { text: 'CONFORMS:', style: ['bold', 'green'] },
          { text: 'after each step, the nodes were in the states of the model' },
        ]
      : [{ text: 'DIVERGES:', style: ['bold', 'red'] }, { text: divergence.message }];
  return [
    wrap('', 2, [{ text: system, style: 'bold' }, { text: settings(parameters, null) }], paper),
    '',
    line(`${counted(known, 'distinct local transition')} in ${counted(states, 'global state')}`),
    line(
      `${grouped(exercised)} of them taken by ${counted(instance.processes.length, 'real process', 'real processes')}: ` +
        `${counted(steps, 'step')} of ${counted(schedules, 'schedule')}`,
    ),
    '',
    wrap('', 2, ending, paper),
    ...differences,
    ...(story.length === 0 ? [] : ['', ...story]),
    `${grouped(Math.round((steps / elapsedMs) * 1000))} steps a second`,
  ].join('\n');
}

export function drivingJson({ divergence, ...found }: DriveResult) {
  if (divergence === null) return { ...found, divergence };
  const { events, message, differences } = divergence;
  return {
    ...found,
    divergence: {
      message,
      events: events.map(toJson),
      differences: differences.map(({ path, model, recorded }) => ({
        path,
        model: toJson(model),
        node: toJson(recorded),
      })),
    },
  };
}
