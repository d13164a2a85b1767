/**
 * The run behind a verdict, made again by the protocol itself: nothing is abstracted from here, terms grow as they do. That
 * each timer may expire when it is said to is checked on the way.
 */

import { ModelError } from '../../model/contract/errors.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import type { Contender } from '../../model/partial-connectivity/contender.ts';
import type { ConnectivityScenario } from '../../model/partial-connectivity/scenarios.ts';
import { type Cluster, localOf, type Servers, type ServerTimer, timerName } from './cluster.ts';
import { settingOf } from './setting.ts';
import type { Verdict } from './verdict.ts';

/** What each server is about. */
export type Situation = Readonly<Record<ProcessId, string>>;

export interface ToldTimeout {
  readonly timer: ServerTimer;
  /** What has become of those servers that it has changed. */
  readonly changes: Situation;
  /** Who could have a command decided then. */
  readonly deciders: readonly ProcessId[];
}

export interface Witness {
  readonly before: Situation;
  readonly run: readonly ToldTimeout[];
  readonly after: Situation;
  /** What may go on for ever: how it begins, and what repeats, twice. */
  readonly cycle: { readonly lead: readonly ToldTimeout[]; readonly repeats: readonly ToldTimeout[] } | null;
}

export function witnessOf(contender: Contender, scenario: ConnectivityScenario, { run, cycle }: Verdict): Witness {
  const { cluster, servers } = settingOf(contender, scenario);
  const made = again(cluster, servers, run);
  const before = situationOf(cluster, servers);
  const after = situationOf(cluster, made.servers);
  if (cycle === null) return { before, run: made.told, after, cycle };
  const lead = again(cluster, servers, cycle.lead);
  const repeats = again(cluster, lead.servers, [...cycle.repeats, ...cycle.repeats]);
  return { before, run: made.told, after, cycle: { lead: lead.told, repeats: repeats.told } };
}

function again(cluster: Cluster, from: Servers, run: readonly ServerTimer[]) {
  let servers = from;
  const told: ToldTimeout[] = [];
  for (const timer of run) {
    const name = timerName(timer);
    if (!cluster.mayExpire(servers).some((other) => timerName(other) === name))
      throw new ModelError(`${cluster.contender.name}: ${name} cannot expire where the run says so`);
    const before = situationOf(cluster, servers);
    servers = cluster.expires(servers, timer).servers;
    const after = situationOf(cluster, servers);
    const changed = cluster.ids.filter((id) => before[id] !== after[id]);
    told.push({
      timer,
      changes: Object.fromEntries(changed.map((id) => [id, after[id] ?? ''])),
      deciders: cluster.deciders(servers),
    });
  }
  return { servers, told };
}

function situationOf({ contender, ids }: Cluster, servers: Servers): Situation {
  return Object.fromEntries(ids.map((id) => [id, contender.describe(localOf(servers, id).state)]));
}
