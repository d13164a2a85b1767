/** Writes what clients see to a file, so that a kill loses nothing of it. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { HISTORY_HEADER, type HistorySink, printHistoryEvent } from '../service/client-history.ts';

export interface HistoryFile {
  readonly path: string;
  readonly sink: HistorySink;
  close(): void;
}

export function historyFile(directory: string, name: string): HistoryFile {
  const path = join(directory, `client-${name}.history.jsonl`);
  const file = openSync(path, 'w');
  writeSync(file, `${HISTORY_HEADER}\n`);
  return {
    path,
    sink: (event) => void writeSync(file, `${printHistoryEvent(event)}\n`),
    close: () => closeSync(file),
  };
}
