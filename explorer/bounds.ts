/** The bounds of an instance in words: what a result is exhaustive within. */

import { canonical } from '../model/contract/data.ts';
import type { Budget, Environment, Instance, Network } from '../model/contract/system.ts';

const NETWORKS: Readonly<Record<Network, string>> = {
  set: 'network set: messages arrive in any order, any number of times',
  bag: 'network bag: messages arrive in any order, at most once, or never',
  fifo: 'network fifo: messages of each sender to each receiver arrive in order, within a session',
};

/** A sentence for each bound. */
export function describeBounds(instance: Instance): string[] {
  const local = Object.keys(instance.bounds.local ?? {}).map((name) => `only states with ${name}`);
  if (instance.kind === 'transitions') return local;
  const { processes, network, environment, bounds } = instance;
  const flight = bounds.inFlight === undefined ? [] : [`at most ${bounds.inFlight} messages in flight`];
  return [
    `processes ${processes.map(({ id }) => id).join(', ')}`,
    NETWORKS[network],
    ...describeEnvironment(environment),
    ...flight,
    ...local,
  ];
}

function describeEnvironment(environment: Environment): string[] {
  const {
    requests = [],
    timeouts,
    crashes = 0,
    recoveries = 0,
    losses = 0,
    duplications = 0,
    linkCuts = 0,
  } = environment;
  const asked = requests.map(({ to, request }) => `${[to].flat().join(' or ')} ${requestText(request)}`);
  return [
    asked.length === 0 ? 'no client requests' : `client requests, each once: ${asked.join('; ')}`,
    timeoutText(timeouts),
    ...Object.entries({ crashes, recoveries, losses, duplications, linkCuts }).map(([name, budget]) =>
      isNone(budget) ? `no ${WORDS[name] ?? name}` : `${WORDS[name] ?? name}: at most ${budgetText(budget)}`,
    ),
  ];
}

function timeoutText(timeouts: Budget | undefined): string {
  if (timeouts === undefined) return 'a timer that is set may fire at any time';
  return isNone(timeouts) ? 'no timeouts' : `timeouts: at most ${budgetText(timeouts)}`;
}

const WORDS: Readonly<Record<string, string>> = {
  losses: 'lost messages',
  duplications: 'duplicated messages',
  linkCuts: 'link cuts',
};

function requestText({ type, ...fields }: { readonly type: string }): string {
  return [type, ...Object.values(fields).map((value) => (typeof value === 'string' ? value : canonical(value)))].join(
    ' ',
  );
}

function isNone(budget: Budget): boolean {
  return typeof budget === 'number' ? budget === 0 : Object.values(budget).every(isNone);
}

function budgetText(budget: Budget): string {
  if (typeof budget === 'number') return numberText(budget);
  return Object.entries(budget)
    .map(([name, part]) =>
      typeof part === 'number' ? `${numberText(part)} of ${name}` : `of ${name} ${budgetText(part)}`,
    )
    .join(', ');
}

function numberText(budget: number): string {
  return budget === Number.POSITIVE_INFINITY ? 'any number' : String(budget);
}
