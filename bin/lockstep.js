#!/usr/bin/env node
// The command: starts what `npm run build` (part of `npm install`) has put into dist/.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

if (existsSync(new URL('../dist/cli/main.js', import.meta.url))) {
  const { main } = await import('../dist/cli/main.js');
  const { version } = createRequire(import.meta.url)('../package.json');
  await main(process.argv.slice(2), version);
} else {
  process.stderr.write('lockstep is not built yet: run npm install first (or npm run build, if that is done)\n');
  process.exitCode = 2;
}
