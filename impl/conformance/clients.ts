/** What the clients of the key-value store saw: whether some order of their operations explains it. */

import { readFileSync } from 'node:fs';
import { messageOf, UsageError } from '../../model/contract/errors.ts';
import { linearizableByKey } from '../../spec/key-value.ts';
import { operationsOf, readHistory } from '../service/client-history.ts';
import { diverge } from './divergence.ts';

export interface ClientsSummary {
  readonly files: readonly string[];
  readonly clients: number;
  /** Those that certainly were not executed are not counted. */
  readonly operations: number;
  /** Of them, those without an answer: they may have been executed, or not. */
  readonly unanswered: number;
}

/**
 * Judges the histories of all clients together. Their times are of one clock: clients that run on one machine.
 *
 * @throws Diverged when no order explains them; UsageError when a file is not a history.
 */
export function judgeClients(files: readonly string[]): ClientsSummary {
  const operations = operationsOf(files.flatMap((file) => readHistory(textOf(file), file)));
  const verdict = linearizableByKey(operations);
  if (verdict !== true) diverge('linearizability', null, null, `what the clients saw is not linearizable: ${verdict}`);
  return {
    files,
    clients: new Set(operations.map(({ client }) => client)).size,
    operations: operations.length,
    unanswered: operations.filter(({ returnedAt }) => returnedAt === null).length,
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new UsageError(`cannot read ${file}: ${messageOf(thrown)}`);
  }
}
