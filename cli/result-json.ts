/** Results as JSON documents: traces in the format of trace files. */

import type { PropertyResult } from '../explorer/check.ts';
import type { Profile } from '../explorer/profile.ts';
import { toJson } from '../model/contract/data.ts';
import { type Trace, traceToJson } from '../model/contract/trace.ts';
import { type FoundSystem, withReference } from './system-argument.ts';

interface Result {
  readonly properties: readonly PropertyResult[];
  readonly counterexample: Trace | null;
  readonly profile?: Profile | null;
}

/** The result with every trace as `--out trace.json` would write it; `reference` is what the user called the system. */
export function resultToJson<R extends Result>(
  { properties, counterexample, profile, ...rest }: R,
  found: FoundSystem,
) {
  const json = (trace: Trace | null) => (trace === null ? null : traceToJson(withReference(trace, found)));
  return {
    ...rest,
    reference: found.reference,
    properties: properties.map((property) => ({ ...property, trace: json(property.trace) })),
    counterexample: json(counterexample),
    ...(profile === undefined ? {} : { profile: profile && profileToJson(profile) }),
  };
}

function profileToJson({ views, ...rest }: Profile) {
  const commonest = views?.commonest.map(({ seen, states }) => ({ seen: toJson(seen), states }));
  return { ...rest, views: views && { ...views, commonest } };
}
