/** Builds the program once for the tests. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { BUILT, ROOT } from './place.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The file that starts the program. */
    readonly launcher: string;
  }
}

/** Type errors are told, and left to `npm run types`: the compiler writes its output all the same. */
export default function build({ provide }: TestProject): () => void {
  mkdirSync(BUILT, { recursive: true });
  for (const part of ['bin', 'package.json']) cpSync(join(ROOT, part), join(BUILT, part), { recursive: true });
  const args = ['--project', 'tsconfig.build.json', '--outDir', join(BUILT, 'dist'), '--sourceMap'];
  const compiler = join(ROOT, 'node_modules', '.bin', 'tsc');
  const { stdout, error } = spawnSync(compiler, args, { cwd: ROOT, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (stdout !== '') console.warn(`the build has errors:\n${stdout}`);
  provide('launcher', join(BUILT, 'bin', 'lockstep.js'));
  return () => rmSync(BUILT, { recursive: true, force: true });
}
