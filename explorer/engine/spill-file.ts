/** A file for what does not fit into memory. It has no name, so that it is gone when the process is, however that ends. */

import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Opens a new one in the system's directory for temporary files (TMPDIR), and gives its descriptor. */
export function openSpillFile(): number {
  const directory = mkdtempSync(join(tmpdir(), 'lockstep-'));
  try {
    return openSync(join(directory, 'frontier'), 'wx+', 0o600);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
