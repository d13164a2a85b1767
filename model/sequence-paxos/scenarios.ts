/** The runs of Sequence Paxos that the lectures tell. */

import type { Scenario } from '../contract/index.ts';

export const scenarios: Readonly<Record<string, Scenario>> = {};
