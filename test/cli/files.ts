/** Files of users, as they would write them outside of the clone. */

/** Counts up to `top`; may be broken in every way that tests need. `meanwhile` is what it does before it counts on. */
export function counter(meanwhile = ''): string {
  return `
import { always, alwaysStep, integer, sometimes, transitionSystem } from 'lockstep';

export const counter = transitionSystem({
  name: 'counter',
  summary: 'counts up',
  parameters: { top: integer({ default: 5, min: 1, max: 1_000_000_000, help: 'where it stops' }) },
  rules: { step: 1 },
  mutants: { leap: { help: 'It counts by two.', rules: { step: 2 }, breaks: 'stepwise' } },
  build: ({ top }, { step }) => ({
    initial: () => [{ count: 0 }],
    next: ({ count }: { count: number }) => {
      ${meanwhile}
      return count < top ? [['up', { count: count + step }] as const] : [];
    },
    properties: [
      always('natural', ({ count }: { count: number }) => count >= 0),
      alwaysStep('stepwise', (before: { count: number }, after: { count: number }) =>
        after.count === before.count + 1 || \`from \${before.count} to \${after.count}\`,
      ),
      sometimes('three', ({ count }: { count: number }) => count === 3),
    ],
  }),
});
`;
}

export const COUNTER = counter();

/** Two processes; \`receive\` is what the receiver does, \`extra\` overrides parts of the system. */
export function pinger(receive: string, extra = ''): string {
  return `
import { always, protocol, system, z } from 'lockstep';

let calls = 0;

const pinger = protocol({
  name: 'pinger',
  version: 1,
  messages: { Ping: { n: z.number() } },
  requests: { go: {} },
  init: () => ({ count: 0, note: null as unknown }),
  request: {
    go(_state, _request, { peers, send }) {
      for (const peer of peers) send(peer, { type: 'Ping', n: 1 });
    },
  },
  receive: {
    Ping(state, { n }, process) {
      ${receive}
    },
  },
});

export default system({
  name: 'ping',
  summary: 'one asks, the other counts',
  build: () => ({
    processes: ['n1', 'n2'].map((id) => ({ id, protocol: pinger })),
    network: 'bag' as const,
    environment: { requests: [{ to: 'n1', request: { type: 'go' } }] },
    view: ({ count }) => count,
    properties: [always('small', ({ views }) => Object.values(views).every((count) => Number(count) < 100))],
    ${extra}
  }),
});
`;
}

/** One process that decides; `handlers` is what it does when its timer fires, `consensus` what it says of itself. */
export function decider(handlers: string, consensus: string): string {
  return `
import { protocol, system } from 'lockstep';

const decider = protocol({
  name: 'decider',
  version: 1,
  messages: {},
  timers: ['tick'],
  init: () => ({ round: 0, decided: null as number | null }),
  start: (_state, { setTimer }) => setTimer('tick'),
  timeout: { tick(state, { setTimer }) { ${handlers} } },
  receive: {},
});

export default system({
  name: 'decider',
  summary: 'decides',
  build: () => ({
    processes: [{ id: 'n1', protocol: decider }],
    network: 'bag',
    view: ({ decided }) => ({ decided }),
    properties: [],
    ${consensus}
  }),
});
`;
}

/** How a decision of it is seen. */
export const DECISION = 'consensus: { inputs: { n1: 1 }, decision: ({ decided }) => decided },';

/** It has no end of configurations. */
export const ENDLESS = decider("state.round++; setTimer('tick');", DECISION);
