/** An instance with some of its properties only. */

import { UnknownName } from '../model/contract/parameter.ts';
import type { Instance, System } from '../model/contract/system.ts';
import { QUIESCENCE } from './exploration.ts';

/**
 * The instance with only these of its properties; all of them when none are named.
 *
 * @throws UnknownName
 */
export function selectProperties(system: System, instance: Instance, names: readonly string[] | undefined): Instance {
  if (names === undefined) return instance;
  const known = propertyNames(instance);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UnknownName('property', unknown, known, `of system '${system.name}'`);
  const properties = instance.properties.filter(({ name }) => names.includes(name));
  const temporal = instance.temporal.filter(({ name }) => names.includes(name));
  const quiescence = names.includes(QUIESCENCE) ? instance.quiescence : () => true;
  return { ...instance, properties, temporal, quiescence } as Instance;
}

/** What can be asked of an instance, by name. */
export function propertyNames({ properties, temporal }: Instance): string[] {
  return [...properties.map(({ name }) => name), QUIESCENCE, ...temporal.map(({ name }) => name)];
}
