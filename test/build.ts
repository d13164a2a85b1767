/**
 * Builds the program once for the tests that run it: in a place of its own, so that nobody who builds meanwhile changes it
 * under their feet.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The file that starts the program. */
    readonly launcher: string;
  }
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Type errors are told, and left to `npm run types`: the compiler writes its output all the same. */
export default function build({ provide }: TestProject): () => void {
  // Below node_modules, from where the program finds its dependencies as if it were installed.
  const place = join(ROOT, 'node_modules', '.cache', `lockstep-test-${process.pid}`);
  mkdirSync(place, { recursive: true });
  for (const part of ['bin', 'package.json']) cpSync(join(ROOT, part), join(place, part), { recursive: true });
  const args = ['--project', 'tsconfig.build.json', '--outDir', join(place, 'dist')];
  const compiler = join(ROOT, 'node_modules', '.bin', 'tsc');
  const { stdout, error } = spawnSync(compiler, args, { cwd: ROOT, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (stdout !== '') console.warn(`the build has errors:\n${stdout}`);
  provide('launcher', join(place, 'bin', 'lockstep.js'));
  return () => rmSync(place, { recursive: true, force: true });
}
