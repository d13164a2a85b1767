/** `lockstep list`: what there is to check. */

import type { Command } from 'commander';
import { QUIESCENCE } from '../explorer/exploration.ts';
import { propertyName } from '../explorer/report/names.ts';
import { type Paper, wrap } from '../explorer/report/text.ts';
import { fairnessText } from '../model/contract/fairness.ts';
import type { Parameter } from '../model/contract/parameter.ts';
import type { Instance, System } from '../model/contract/system.ts';
import { builtInSystems } from '../model/registry.ts';
import type { Property } from '../spec/property.ts';
import type { TemporalProperty } from '../spec/temporal.ts';
import { EXIT } from './exit.ts';
import { helpAfter } from './help.ts';
import { printJson, voice } from './streams.ts';
import { findSystem } from './system-argument.ts';
import { bold, columns } from './text.ts';

const HELP = helpAfter([
  ['lockstep list', 'the built-in systems'],
  ['lockstep list paxos', 'parameters, properties, mutants and scenarios of one'],
  ['lockstep list ./my-system.ts', 'the same of a system of your own'],
]);

export function defineList(command: Command): void {
  command
    .description('Shows the systems that can be checked; of a single one, its parameters, properties and mutants.')
    .argument('[system]', 'a built-in system, or a file that exports one (FILE#EXPORT when it exports several)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async (reference: string | undefined, { json = false }: { json?: boolean }) => {
      const { paper, say } = voice({});
      process.exitCode = EXIT.holds;
      if (reference === undefined) {
        const systems = await builtInSystems();
        return json ? printJson({ systems: systems.map(described) }) : say(systemsText(systems, paper));
      }
      const { system } = await findSystem(reference);
      return json ? printJson(described(system)) : say(systemText(system, reference, paper));
    });
}

function described(system: System) {
  const { properties, temporal, fairness } = system.build({}, null);
  return {
    name: system.name,
    summary: system.summary,
    parameters: system.parameters,
    properties: [...properties, ...temporal].map(({ name, kind }) => ({ name, kind })),
    fairness,
    scenarios: Object.fromEntries(
      Object.entries(system.scenarios).map(([name, { help, source }]) => [name, { help, source }]),
    ),
    mutants: Object.fromEntries(
      Object.entries(system.mutants).map(([name, { help, breaks, parameters = {} }]) => [
        name,
        { help, breaks, parameters },
      ]),
    ),
  };
}

function systemsText(systems: readonly System[], paper: Paper): string {
  return [
    columns(
      systems.map(({ name, summary }) => [name, summary]),
      paper,
    ),
    '',
    'lockstep list SYSTEM tells more of one; lockstep check SYSTEM checks it.',
  ].join('\n');
}

/** What there is to know of a system, which people name by this reference. */
export function systemText(system: System, reference: string, paper: Paper): string {
  const mutants = Object.entries(system.mutants);
  const scenarios = Object.entries(system.scenarios);
  const instance = system.build({}, null);
  const fairness = instance.temporal.length === 0 ? [] : instance.fairness.map(fairnessText);
  const sections = [
    wrap('', 2, [{ text: `${system.name}:`, style: 'bold' }, { text: system.summary }], paper),
    section('parameters (NAME=VALUE)', parameterRows(system), paper),
    section('properties', propertyRows(instance), paper),
    fairness.length === 0 ? '' : `${bold('runs are fair', paper)}\n${fairness.map((text) => `  ${text}`).join('\n')}`,
    section(
      'mutants (--mutant NAME): rules broken on purpose',
      mutants.map(([name, { help, breaks, parameters = {} }]) => [
        name,
        `${help.replace(/\.$/, '')}. Breaks ${propertyName(breaks)}${withParameters(parameters)}.`,
      ]),
      paper,
    ),
    section(
      'scenarios (replay --scenario NAME): scripted runs',
      scenarios.map(([name, { help, source }]) => [name, `${help} (${source})`]),
      paper,
    ),
  ];
  const [first] = mutants;
  const [told] = scenarios;
  const hints = [
    `lockstep check ${reference}`,
    ...(first ? [`lockstep check ${reference} --mutant ${first[0]}`] : []),
    ...(told ? [`lockstep replay ${reference} --scenario ${told[0]}`] : []),
  ];
  return [
    ...sections.filter((text) => text !== ''),
    `${bold('try', paper)}\n${hints.map((hint) => `  ${hint}`).join('\n')}`,
  ].join('\n\n');
}

function section(title: string, rows: readonly (readonly [string, string])[], paper: Paper): string {
  return rows.length === 0 ? '' : `${bold(title, paper)}\n${columns(rows, paper, 2)}`;
}

function parameterRows({ parameters }: System): [string, string][] {
  return Object.entries(parameters).map(([name, parameter]) => [
    `${name}=${parameter.default}`,
    `${parameter.help} (${rangeText(parameter)})`,
  ]);
}

function rangeText(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'integer':
      return `${parameter.min} to ${parameter.max}`;
    case 'choice':
      return parameter.options.join(', ');
    case 'flag':
      return 'true or false';
    case 'inputs':
      return `${parameter.min} to ${parameter.max} digits, 0 or 1`;
  }
}

const KINDS: Readonly<Record<(Property<never> | TemporalProperty<never>)['kind'], string>> = {
  always: 'in every reachable state',
  alwaysStep: 'in every step',
  sometimes: 'in some reachable state (a witness)',
  eventually: 'sooner or later in every fair run',
  leadsTo: 'whatever is to lead to something does, in every fair run',
  eventuallyAlways: 'from some time on for ever, in every fair run',
};

function propertyRows({ properties, temporal }: Instance): [string, string][] {
  return [
    ...properties.map(({ name, kind }): [string, string] => [name, KINDS[kind]]),
    [QUIESCENCE, 'where nothing can happen, all is as it should be'],
    ...temporal.map(({ name, kind }): [string, string] => [name, KINDS[kind]]),
  ];
}

function withParameters(parameters: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`);
  return given.length === 0 ? '' : ` (with ${given.join(' ')})`;
}
