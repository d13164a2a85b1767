/** The certificates of the tests, which make.sh has made. */

import { join } from 'node:path';

/** What a node trusts, and what it presents. Nodes trust `ours`, whatever they present. */
export function certificatesOf(authority: string, name: string): { ca: string; cert: string; key: string } {
  const own = join(import.meta.dirname, `${authority}-${name}`);
  return { ca: join(import.meta.dirname, 'ours-ca.pem'), cert: `${own}.pem`, key: `${own}.key` };
}
