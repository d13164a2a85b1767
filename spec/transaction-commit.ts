/**
 * Transaction commit: what must hold of the resource managers of one transaction.
 *
 * Source: Lamport, module TCommit of the TLA+ examples; Gray and Lamport, "Consensus on Transaction Commit" (2006), section 2.
 * Left out: that it ends, which no single state can show.
 */

import type { Verdict } from './property.ts';

/** What has become of the transaction at a resource manager. */
export type RMState = 'working' | 'prepared' | 'committed' | 'aborted';

/** `TCConsistent`: no resource manager has committed while another one has aborted. */
export function consistent(states: Readonly<Record<string, RMState>>): Verdict {
  const all = Object.entries(states);
  const committed = all.find(([, state]) => state === 'committed');
  const aborted = all.find(([, state]) => state === 'aborted');
  return committed === undefined || aborted === undefined || `${committed[0]} has committed, ${aborted[0]} has aborted`;
}
