/** `lockstep client`: one operation of the key-value service. */

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { systemClock } from '../impl/node/clock.ts';
import { KeyValueClient, OperationFailed, OutcomeUnknown } from '../impl/service/client.ts';
import { type ClientCredentials, httpAsk } from '../impl/service/http-ask.ts';
import { messageOf, UsageError } from '../model/contract/errors.ts';
import type { KeyValueOp, KeyValueResult } from '../spec/key-value.ts';
import { readAssignments } from './assignments.ts';
import { EXIT } from './exit.ts';
import { helpAfter } from './help.ts';
import { wholeNumber } from './numbers.ts';
import { printJson, remark } from './streams.ts';

const HELP = helpAfter(
  [
    ['lockstep client put x 1', ''],
    ['lockstep client get x', ''],
    ['lockstep client cas x 1 2', 'sets x to 2 if it is 1'],
    ['lockstep client cas x none 1', 'sets x to 1 if it has no value'],
    ['lockstep client delete x --nodes n1=10.0.0.1:7201,n2=10.0.0.2:7201', 'asks the nodes of another cluster'],
  ],
  'Exit codes: 0 done; 1 no (no such value, not the expected one); 2 not done, for certain; 3 it may have been done, ' +
    'or may be done later.',
);

/** Where `lockstep cluster` serves clients when not told otherwise. */
const DEFAULT_NODES = 'n1=127.0.0.1:7201,n2=127.0.0.1:7202,n3=127.0.0.1:7203';
/** What stands for no value. */
const NONE = 'none';

interface ClientFlags {
  readonly nodes: string;
  readonly timeout: number;
  readonly json?: boolean;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

export function defineClient(client: Command): void {
  client
    .description('Makes one operation of the key-value service: exactly once, however often it has to ask.')
    .addHelpText('after', HELP);
  operation(client, 'get <key>', 'the value of a key', (key) => ({ type: 'get', key }));
  operation(client, 'put <key> <value>', 'sets a key', (key, value) => ({ type: 'put', key, value }));
  operation(client, 'delete <key>', 'removes a key', (key) => ({ type: 'delete', key }));
  operation(
    client,
    'cas <key> <expected> <value>',
    `sets a key if it has the expected value (${NONE}: no value)`,
    (key, expected, value) => ({ type: 'compare-and-set', key, expected: expected === NONE ? null : expected, value }),
  );
}

function operation(
  client: Command,
  usage: string,
  summary: string,
  opOf: (key: string, ...values: [string, string]) => KeyValueOp,
): void {
  client
    .command(usage)
    .description(summary)
    .addOption(new Option('--nodes <addresses>', 'where nodes serve clients: n1=HOST:PORT,...').default(DEFAULT_NODES))
    .option('--timeout <ms>', 'how long to try', wholeNumber(1), 10_000)
    .option('--tls-ca <file>', "the certificate of the cluster's authority")
    .option('--tls-cert <file>', "this client's certificate")
    .option('--tls-key <file>', 'its key')
    .option('--json', 'print the result as JSON')
    .action(async (...given: unknown[]) => {
      const texts = given.filter((argument): argument is string => typeof argument === 'string');
      const [key = '', first = '', second = ''] = texts;
      const flags = given.find((argument) => typeof argument === 'object') as ClientFlags;
      await run(opOf(key, first, second), flags);
    });
}

async function run(op: KeyValueOp, { nodes, timeout, json = false, ...tls }: ClientFlags): Promise<void> {
  const credentials = credentialsOf(tls);
  const scheme = credentials === null ? 'http' : 'https';
  const addresses = Object.entries(readAssignments(nodes.split(',')));
  const urls = new Map(addresses.map(([id, address]) => [id, urlOf(scheme, address)]));
  const { ask, close } = httpAsk(urls, credentials);
  const client = new KeyValueClient({
    id: `cli-${randomUUID()}`,
    nodes: [...urls.keys()],
    ask,
    clock: systemClock,
    attempt: Math.min(2000, timeout),
    patience: timeout,
  });
  try {
    const result = await client.execute(op);
    if (json) printJson({ op, result });
    else process.stdout.write(`${told(op, result)}\n`);
    process.exitCode = isNo(op, result) ? EXIT.violated : EXIT.holds;
  } catch (thrown) {
    if (!(thrown instanceof OperationFailed || thrown instanceof OutcomeUnknown)) throw thrown;
    const happened = thrown instanceof OperationFailed ? false : 'maybe';
    if (json) printJson({ op, error: thrown.message, happened });
    else remark(thrown.message);
    process.exitCode = happened === false ? EXIT.error : EXIT.stopped;
  } finally {
    close();
  }
}

function urlOf(scheme: string, address: string): string {
  const url = `${scheme}://${address}`;
  if (!URL.canParse(url)) throw new UsageError(`'${address}' is not HOST:PORT`);
  return url;
}

function credentialsOf({ tlsCa, tlsCert, tlsKey }: Partial<ClientFlags>): ClientCredentials | null {
  if (tlsCa === undefined && tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCa === undefined || tlsCert === undefined || tlsKey === undefined) {
    throw new UsageError('with TLS a client needs all of --tls-ca, --tls-cert and --tls-key');
  }
  return { ca: fileOf(tlsCa), cert: fileOf(tlsCert), key: fileOf(tlsKey) };
}

function fileOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (thrown) {
    throw new UsageError(`${path} cannot be read: ${messageOf(thrown)}`);
  }
}

function told(op: KeyValueOp, result: KeyValueResult): string {
  switch (op.type) {
    case 'get':
      return result === null ? `${op.key} has no value` : String(result);
    case 'put':
      return `${op.key} = ${op.value}`;
    case 'delete':
      return result === true ? `${op.key} is deleted` : `${op.key} had no value`;
    case 'compare-and-set':
      return result === true ? `${op.key} = ${op.value}` : `${op.key} has not the expected value`;
  }
}

function isNo({ type }: KeyValueOp, result: KeyValueResult): boolean {
  return type === 'get' ? result === null : result === false;
}
