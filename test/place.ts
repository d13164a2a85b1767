/** Where the program is built for the tests: a place of their own, so that nobody who builds meanwhile changes it under them. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Below node_modules, from where the program finds its dependencies as if it were installed. */
export const BUILT = join(ROOT, 'node_modules', '.cache', `lockstep-test-${process.pid}`);
