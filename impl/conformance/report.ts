/** What conformance found, in words. */

import { formatterOf } from '../../explorer/report/format.ts';
import { settings } from '../../explorer/report/names.ts';
import { counted, grouped } from '../../explorer/report/numbers.ts';
import { type Paper, type Span, wrap } from '../../explorer/report/text.ts';
import { headline, list } from '../../explorer/report/wording.ts';
import { toJson } from '../../model/contract/data.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import type { ProcessEvent } from '../../model/contract/step.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import type { ClientsSummary } from './clients.ts';
import type { Conformance, NodeSummary } from './conform.ts';
import type { Difference, Divergence, Place } from './divergence.ts';

/** The most places in which something differs that are told. */
const MOST_DIFFERENCES = 12;

/** The report for people. */
export function conformanceText(instance: ProcessInstance, found: Conformance, paper: Paper): string {
  const { system, parameters, mutant, cluster, nodes, absent, steps, clients, divergence, elapsedMs } = found;
  const heading = [settings(parameters, mutant), `(cluster ${cluster})`].filter((text) => text !== '').join(' ');
  const line = (text: string): string => wrap('  ', 4, [{ text }], paper);
  const ending: Span[] =
    divergence === null
      ? [
          { text: 'CONFORMS:', style: ['bold', 'green'] },
          { text: `${counted(steps, 'step')} of ${counted(nodes.length, 'node')} are a run of the model` },
        ]
      : [{ text: 'DIVERGES:', style: ['bold', 'red'] }, { text: divergence.message }];
  return [
    wrap('', 2, [{ text: system, style: 'bold' }, { text: heading }], paper),
    '',
    ...nodes.map((node) => line(nodeText(node))),
    ...absent.map((id) => line(`${id}: no recording; nobody has heard of it`)),
    '',
    ...propertyTexts(found).map(line),
    ...(clients === null ? [] : [line(clientsText(clients))]),
    '',
    wrap('', 2, ending, paper),
    ...(divergence === null ? [] : divergenceText(instance, divergence).map(line)),
    `${grouped(Math.round((steps / elapsedMs) * 1000))} events a second`,
  ].join('\n');
}

function nodeText({ node, incarnations, steps, lines, torn, undone }: NodeSummary): string {
  const said = [`${counted(steps, 'step')} in ${counted(incarnations, 'incarnation')}, ${counted(lines, 'line')} read`];
  if (undone > 0) said.push(`${counted(undone, 'step')} never on disk, so never happened`);
  if (torn.length > 0) said.push(`torn by a kill: line ${list(torn.map(String))}`);
  return `${node}: ${said.join('; ')}`;
}

function clientsText({ clients, operations, unanswered }: ClientsSummary): string {
  const open = unanswered === 0 ? '' : ` (${grouped(unanswered)} without an answer)`;
  return `linearizable: ${counted(operations, 'operation')}${open} of ${counted(clients, 'client')}`;
}

/** Of how much of the run the properties were judged. */
function propertyTexts({ properties, steps }: Conformance): string[] {
  const of = (which: (judged: number | null) => boolean): string[] =>
    properties.filter(({ steps: judged }) => which(judged)).map(({ name }) => name);
  const [whole, part, none] = [
    of((judged) => judged !== null && judged >= steps),
    of((judged) => judged !== null && judged < steps),
    of((judged) => judged === null),
  ];
  const first = properties.find(({ steps: judged }) => judged !== null && judged < steps)?.steps ?? 0;
  return [
    ...(whole.length === 0 ? [] : [`judged at every step: ${list(whole)}`]),
    ...(part.length === 0
      ? []
      : [
          `judged at the first ${counted(first, 'step')}, for it takes the longer, the longer the run is: ${list(part)}`,
        ]),
    ...(none.length === 0
      ? []
      : [`not judged, for it is about the requests of the model's environment: ${list(none)}`]),
  ];
}

function divergenceText(instance: ProcessInstance, { place, event, rule, differences }: Divergence): string[] {
  const format = formatterOf(instance);
  const shown = differences.slice(0, MOST_DIFFERENCES);
  return [
    `rule: ${rule}`,
    ...(place === null ? [] : [`where: ${placeText(place)}`]),
    ...(event === null || place === null ? [] : [`event: ${eventText(event, place.node, format)}`]),
    ...shown.map(
      ({ path, model, recorded }) => `${path}: model ${format.value(model)}, recorded ${format.value(recorded)}`,
    ),
    ...(differences.length > shown.length ? [`and ${differences.length - shown.length} more differences`] : []),
  ];
}

function placeText({ node, file, line, incarnation, step }: Place): string {
  return `${file}:${line}, ${step === null ? 'header' : `step ${step}`} of incarnation ${incarnation} of ${node}`;
}

function eventText(event: ProcessEvent, process: ProcessId, format: ReturnType<typeof formatterOf>): string {
  return event.type === 'start' ? `${process} starts` : headline({ ...event, process }, format);
}

/** The report as a JSON document. */
export function conformanceJson({ divergence, ...found }: Conformance) {
  const differenceJson = ({ path, model, recorded }: Difference) => ({
    path,
    model: toJson(model),
    recorded: toJson(recorded),
  });
  return {
    ...found,
    divergence:
      divergence === null
        ? null
        : { ...divergence, event: toJson(divergence.event), differences: divergence.differences.map(differenceJson) },
  };
}
