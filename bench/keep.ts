/** Where benches leave what they have measured: in out/, and with `--keep` where the documents' tables are made of it. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { ROOT } from '../scripts/manifest.ts';

/** Writes out/bench-NAME.json; with `--keep` docs/measured/NAME.json, too. */
export function keep(name: string, measured: unknown): void {
  const places = [`out/bench-${name}.json`, ...(process.argv.includes('--keep') ? [`docs/measured/${name}.json`] : [])];
  for (const place of places) {
    const file = new URL(place, ROOT);
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
  }
}
