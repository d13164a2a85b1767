/** Where a scenario of partial connectivity begins: the old leader leads, has had commands decided, and links have gone down. */

import { canonical, equal } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import { majority } from '../../model/kernels/quorum.ts';
import type { Contender } from '../../model/partial-connectivity/contender.ts';
import { type ConnectivityScenario, pairs } from '../../model/partial-connectivity/scenarios.ts';
import { Cluster, type Servers } from './cluster.ts';

export interface Setting {
  /** The servers with the links that they have from now on. */
  readonly cluster: Cluster;
  readonly servers: Servers;
}

/** Plays the scenario up to where its links stay as they are. Everything that happens is a step of the protocol. */
export function settingOf(contender: Contender, { servers: ids, leader, phases }: ConnectivityScenario): Setting {
  let { cluster, servers } = ledBy(leader, new Cluster(contender, ids, pairs(ids)));
  for (const { links, commands } of phases) {
    servers = cluster.relinked(servers, links);
    cluster = cluster.withLinks(links);
    for (const command of commands) servers = cluster.asked(servers, leader, command).servers;
    servers = cluster.heartbeats(servers).servers;
  }
  return { cluster, servers: cluster.normal(servers) };
}

/** Everyone has come to rest after fewer rounds than this. */
const MOST_ROUNDS = 20;

/**
 * Makes a server lead a cluster with all links. Where that is another one's turn, it takes over in a mere majority, of
 * which it has the highest name, while the others are cut off; then they come back.
 */
function ledBy(leader: ProcessId, whole: Cluster): Setting {
  const order = [leader, ...whole.ids.filter((id) => id !== leader)];
  let servers = atRest(whole, whole.started(), order);
  if (!whole.leaders(servers).includes(leader)) {
    const few = whole.withLinks(pairs(order.slice(0, majority(order.length))));
    servers = atRest(few, whole.relinked(servers, few.links), order);
    servers = atRest(whole, few.relinked(servers, whole.links), order);
  }
  if (canonical(whole.deciders(servers)) === canonical([leader])) return { cluster: whole, servers };
  throw new ModelError(`${whole.contender.name}: ${leader} does not come to lead`);
}

/** Timers expire, those of one server after the other, until that changes nothing more. */
function atRest(cluster: Cluster, from: Servers, order: readonly ProcessId[]): Servers {
  let servers = from;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = servers;
    for (const id of order) {
      const timer = cluster.mayExpire(servers).find(({ server }) => server === id);
      if (timer !== undefined) servers = cluster.expires(servers, timer).servers;
    }
    if (equal(cluster.normal(before), cluster.normal(servers))) return servers;
  }
  throw new ModelError(`${cluster.contender.name}: does not come to rest with links between all`);
}
