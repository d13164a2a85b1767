/** Parameters: what a user may set of a system, as NAME=VALUE. */

import { UsageError } from './errors.ts';

export type Parameter =
  | {
      readonly kind: 'integer';
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly help: string;
    }
  | { readonly kind: 'choice'; readonly default: string; readonly options: readonly string[]; readonly help: string }
  | { readonly kind: 'flag'; readonly default: boolean; readonly help: string }
  /** What the processes propose, a digit each: as many processes propose as there are digits. */
  | {
      readonly kind: 'inputs';
      readonly default: string;
      readonly min: number;
      readonly max: number;
      readonly help: string;
    };

export type Parameters = Readonly<Record<string, Parameter>>;

export type ParameterValue = number | string | boolean;

/** The values that a system is built with: one for each parameter, of its kind. */
export type ValuesOf<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends { kind: 'integer' }
    ? number
    : P[K] extends { kind: 'choice'; options: readonly (infer O extends string)[] }
      ? O
      : P[K] extends { kind: 'inputs' }
        ? string
        : boolean;
};

export function integer<const D extends { default: number; min: number; max: number; help: string }>(definition: D) {
  return { kind: 'integer', ...definition } as const;
}

export function choice<const O extends string>(definition: {
  default: NoInfer<O>;
  options: readonly O[];
  help: string;
}) {
  return { kind: 'choice', ...definition } as const;
}

/** Binary inputs, such as `011`: n1 proposes 0, n2 and n3 propose 1. */
export function inputs(definition: { default: string; min: number; max: number; help: string }) {
  return { kind: 'inputs', ...definition } as const;
}

export function flag(definition: { default: boolean; help: string }) {
  return { kind: 'flag', ...definition } as const;
}

/**
 * A value for each parameter: what is given, checked, else the default. Text, as from a command line, is read.
 *
 * @throws UsageError for an unknown name or a value that does not fit.
 */
export function parameterValues(
  system: string,
  parameters: Parameters,
  given: Readonly<Record<string, ParameterValue | undefined>>,
): Record<string, ParameterValue> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(parameters, name))
      throw new UnknownName('parameter', name, Object.keys(parameters), `of system '${system}'`);
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      readValue(name, parameter, given[name] ?? parameter.default),
    ]),
  );
}

function readValue(name: string, parameter: Parameter, value: ParameterValue): ParameterValue {
  switch (parameter.kind) {
    case 'integer': {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      if (typeof number === 'number' && Number.isInteger(number) && number >= parameter.min && number <= parameter.max)
        return number;
      throw new UsageError(
        `${name}=${value}: ${name} is a whole number from ${parameter.min} to ${parameter.max} (${parameter.help})`,
      );
    }
    case 'choice':
      if (parameter.options.includes(String(value))) return String(value);
      throw new UsageError(`${name}=${value}: ${name} is one of ${parameter.options.join(', ')} (${parameter.help})`);
    case 'inputs':
      if (
        /^[01]+$/.test(String(value)) &&
        String(value).length >= parameter.min &&
        String(value).length <= parameter.max
      )
        return String(value);
      throw new UsageError(
        `${name}=${value}: ${name} is a 0 or a 1 for each of ${parameter.min} to ${parameter.max} processes, such as ` +
          `${parameter.default} (${parameter.help})`,
      );
    case 'flag':
      if (value === true || value === 'true' || value === 'yes') return true;
      if (value === false || value === 'false' || value === 'no') return false;
      throw new UsageError(`${name}=${value}: ${name} is true or false (${parameter.help})`);
  }
}

/** A name that does not exist; the known ones are listed so that whoever reports it can suggest the nearest. */
export class UnknownName extends UsageError {
  constructor(
    readonly what: string,
    readonly given: string,
    readonly known: readonly string[],
    where = '',
  ) {
    super(
      `there is no ${what} '${given}'${where === '' ? '' : ` ${where}`}${known.length === 0 ? '' : `; there is ${known.join(', ')}`}`,
    );
  }
}
