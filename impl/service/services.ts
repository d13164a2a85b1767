/** Which service a node offers to clients, by what it runs. */

import type { ParameterValue } from '../../model/contract/parameter.ts';
import type { ProcessId, Protocol } from '../../model/contract/protocol.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import type { HostConfig } from '../host/config.ts';
import type { GuestOf } from '../host/host.ts';
import type { Node } from '../node/node.ts';
import { keyValueApi } from './http-api.ts';
import { KeyValueService } from './key-value-service.ts';
import { replicatedLogs } from './replicated-log.ts';
import { registerApi, WriteOnceRegister } from './write-once-register.ts';

/** The protocol that serves a write-once register. */
const PAXOS = 'paxos';

/** The parameters with which a built-in system is served, where they differ from those with which it is checked. */
export function servedParameters(system: string): Readonly<Record<string, ParameterValue>> {
  return replicatedLogs[system]?.parameters ?? (system === PAXOS ? { impatient: true, network: 'fifo' } : {});
}

/** The service of the node that a configuration describes; undefined if what it runs has none. */
export function serviceOf(config: HostConfig, instance: ProcessInstance): GuestOf | undefined {
  const { node: self, parameters } = config;
  const protocol: Protocol | undefined = instance.processes.find(({ id }) => id === self)?.protocol;
  const log = protocol === undefined ? undefined : replicatedLogs[protocol.name];
  const aboutOf = (node: () => Node) => () => ({
    node: self,
    cluster: config.cluster,
    system: config.system,
    pid: process.pid,
    peersUp: node().status.peersUp,
  });
  if (protocol?.name === PAXOS) {
    return (node) => {
      const register = new WriteOnceRegister(node);
      return { user: register, handlers: [registerApi(register, aboutOf(node))] };
    };
  }
  if (log === undefined || parameters.machine !== 'key-value') return undefined;
  return (node) => {
    const service = new KeyValueService(self, node, log);
    const about = aboutOf(node);
    return { user: service, handlers: [keyValueApi({ service, about, urlOf: (id) => urlOf(config, id) })] };
  };
}

function urlOf({ clients, tls }: HostConfig, node: ProcessId): string | undefined {
  const address = clients[node];
  return address === undefined ? undefined : `${tls === undefined ? 'http' : 'https'}://${address}`;
}
