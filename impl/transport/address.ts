/** Where a node listens: HOST:PORT, with an IPv6 host in brackets. */

import { UsageError } from '../../model/contract/errors.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** @throws UsageError for anything else. */
export function readAddress(text: string, what: string): Address {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const [host, port] = [match?.[1] ?? match?.[2], Number(match?.[3])];
  if (host === undefined || !(port <= 65_535)) {
    throw new UsageError(`${what} is '${text}': it must be HOST:PORT, such as 127.0.0.1:7001 or [::1]:7001`);
  }
  return { host, port };
}

export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
