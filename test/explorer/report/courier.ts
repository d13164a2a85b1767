/**
 * A little protocol that does a bit of everything, for the tests of the reports: a process that is asked to deliver a
 * parcel sends it to all others, counts their receipts, answers its client when all have come, and tries again until then.
 */

import { choice, integer, type ProcessId, protocol, system, z } from '../../../model/contract/index.ts';
import { always, alwaysStep, sometimes } from '../../../spec/property.ts';

interface State {
  /** Durable. */
  readonly kept: string | null;
  readonly sending: {
    readonly parcel: string;
    readonly client: string;
    readonly receipts: ReadonlySet<ProcessId>;
  } | null;
  readonly log: readonly string[];
  readonly links: Readonly<Record<ProcessId, string>>;
}

const courier = protocol({
  name: 'courier',
  version: 1,
  messages: { Parcel: { content: z.string() }, Receipt: { content: z.string(), fresh: z.boolean() } },
  requests: { deliver: { content: z.string() } },
  responses: { delivered: { content: z.string() } },
  indications: { got: { content: z.string() } },
  timers: ['again'],
  durable: ['kept'],
  init: (): State => ({ kept: null, sending: null, log: [], links: {} }),
  request: {
    deliver(state, { content }, { client, peers, send, setTimer }) {
      if (state.sending !== null) return;
      state.sending = { parcel: content, client, receipts: new Set() };
      for (const to of peers) send(to, { type: 'Parcel', content });
      setTimer('again');
    },
  },
  timeout: {
    again(state, { peers, send, setTimer }) {
      if (state.sending === null) return;
      for (const to of peers) {
        if (!state.sending.receipts.has(to)) send(to, { type: 'Parcel', content: state.sending.parcel });
      }
      setTimer('again');
    },
  },
  receive: {
    Parcel(state, { content }, { from, send, indicate }) {
      const fresh = state.kept === null;
      state.kept = content;
      state.log.push(content);
      send(from, { type: 'Receipt', content, fresh });
      if (fresh) indicate({ type: 'got', content });
    },
    Receipt(state, { content }, { from, peers, respond, cancelTimer }) {
      if (state.sending === null) return;
      state.sending.receipts.add(from);
      if (state.sending.receipts.size < peers.length) return;
      respond(state.sending.client, { type: 'delivered', content });
      state.sending = null;
      cancelTimer('again');
    },
  },
  linkDown(state, peer) {
    state.links[peer] = 'down';
  },
  linkUp(state, peer, { send }) {
    state.links[peer] = 'up';
    if (state.sending !== null) send(peer, { type: 'Parcel', content: state.sending.parcel });
  },
});

interface View {
  readonly kept: string | null;
  readonly sent: boolean;
}

/** The system: `n1` is asked to deliver, once. The faults are as many as the parameters say. */
export default system({
  name: 'courier',
  summary: 'parcels and receipts',
  parameters: {
    processes: integer({ default: 2, min: 2, max: 5, help: 'couriers' }),
    network: choice({ default: 'bag', options: ['set', 'bag', 'fifo'], help: 'network' }),
    timeouts: integer({ default: 0, min: 0, max: 3, help: 'second tries' }),
    crashes: integer({ default: 0, min: 0, max: 2, help: 'crashes' }),
    losses: integer({ default: 0, min: 0, max: 2, help: 'lost messages' }),
    duplications: integer({ default: 0, min: 0, max: 2, help: 'duplicated messages' }),
    linkCuts: integer({ default: 0, min: 0, max: 2, help: 'link cuts' }),
    content: choice({ default: 'tea', options: ['tea', '<&">'], help: 'what is in the parcel' }),
  },
  rules: { kept: true },
  build({ processes, network, timeouts, crashes, losses, duplications, linkCuts, content }) {
    const ids = Array.from({ length: processes }, (_, index) => `n${index + 1}`);
    return {
      processes: ids.map((id) => ({ id, protocol: courier })),
      network,
      environment: {
        requests: [{ to: 'n1', client: 'c1', request: { type: 'deliver', content } as const }],
        timeouts,
        crashes,
        recoveries: crashes,
        losses,
        duplications,
        linkCuts,
      },
      bounds: { local: { 'three parcels a process': ({ log }: State) => log.length <= 3 } },
      view: ({ kept, sending }: State): View => ({ kept, sent: sending !== null }),
      history: {
        initial: 0,
        observe: ({ effects }) => (effects.some(({ type }) => type === 'respond') ? true : null),
        next: (answers: number) => answers + 1,
      },
      properties: [
        always('unanswered', ({ history }) => history === 0 || 'the client has been answered'),
        alwaysStep('nothing is kept', (before, after) => !('n2' in before.views && after.views.n2?.kept !== null)),
        sometimes('kept', ({ views }) => Object.values(views).some(({ kept }) => kept !== null)),
        sometimes('answered', ({ history }) => history > 0),
      ],
      quiescence: ({ history }) => history > 0 || 'the client was never answered',
    };
  },
});
