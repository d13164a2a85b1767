/** Builds dist/ once, before the tests that run the real program. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Type errors are told, and left to `npm run types`: the compiler writes its output all the same. */
export default function build(): void {
  const compiler = `${ROOT}node_modules/.bin/tsc`;
  const { stdout, error } = spawnSync(compiler, ['--project', 'tsconfig.build.json'], { cwd: ROOT, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (stdout !== '') console.warn(`the build has errors:\n${stdout}`);
}
