/**
 * TLS between nodes, and towards clients: both ends present a certificate of the cluster's authority, and nothing else gets
 * in. A node's certificate names the node: as its common name, or among its DNS names.
 */

import { readFileSync } from 'node:fs';
import type { PeerCertificate, TlsOptions } from 'node:tls';
import { messageOf, UsageError } from '../../model/contract/errors.ts';

/** Files in PEM. */
export interface TlsFiles {
  /** The authority's certificate. */
  readonly ca: string;
  /** This node's certificate, and its key. */
  readonly cert: string;
  readonly key: string;
}

/** What those files hold, with what makes both ends show a certificate. */
export type Credentials = Required<Pick<TlsOptions, 'ca' | 'cert' | 'key' | 'requestCert' | 'rejectUnauthorized'>> & {
  readonly minVersion: 'TLSv1.3';
};

/** @throws UsageError when a file cannot be read. */
export function readCredentials({ ca, cert, key }: TlsFiles): Credentials {
  return {
    ca: read(ca, 'the certificate of the authority'),
    cert: read(cert, 'the certificate'),
    key: read(key, 'the key'),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  };
}

function read(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (thrown) {
    throw new UsageError(`${what}, ${path}, cannot be read: ${messageOf(thrown)}`);
  }
}

/** Whether a certificate, which the authority has signed, is that of a node. */
export function names(certificate: PeerCertificate, node: string): boolean {
  const common = [certificate.subject?.CN ?? []].flat();
  const others = (certificate.subjectaltname ?? '').split(', ').map((other) => other.replace(/^DNS:/, ''));
  return common.includes(node) || others.includes(node);
}

/** @throws UsageError for a place that others can reach, when nothing protects it. */
export function refuseExposure(host: string, isProtected: boolean, isAllowed: boolean): void {
  if (isProtected || isAllowed || isLoopback(host)) return;
  throw new UsageError(
    `refusing to listen on ${host} without TLS: whoever reaches it could speak for any node. Give --tls-ca, --tls-cert and ` +
      '--tls-key; or listen on 127.0.0.1; or, in a network that you trust, say --allow-plaintext',
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
