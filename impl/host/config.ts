/** What a node is told: which system, who it is, where everybody listens, where its state goes. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf, UsageError } from '../../model/contract/errors.ts';
import { UnknownName } from '../../model/contract/parameter.ts';
import { LOG_LEVELS } from '../log.ts';
import { DEFAULT_LIMITS } from '../node/node.ts';
import { DEFAULT_TRANSPORT_LIMITS } from '../transport/tcp-transport.ts';

const path = z.string().min(1);
/** Names go into file names, session names and certificates. */
const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be letters, digits, dots, dashes, underscores');
const milliseconds = z.int().min(1).max(600_000);
const bytes = z
  .int()
  .min(1024)
  .max(2 ** 30);

const count = z.int().min(1).max(1_000_000);

/** The meaning of each is told where it is used. */
const limits = z.strictObject({
  frame: bytes.default(DEFAULT_TRANSPORT_LIMITS.frame),
  queued: bytes.default(DEFAULT_TRANSPORT_LIMITS.queued),
  ping: milliseconds.default(DEFAULT_TRANSPORT_LIMITS.ping),
  silence: milliseconds.default(DEFAULT_TRANSPORT_LIMITS.silence),
  slowFrame: milliseconds.default(DEFAULT_TRANSPORT_LIMITS.slowFrame),
  handshake: milliseconds.default(DEFAULT_TRANSPORT_LIMITS.handshake),
  strangers: count.default(DEFAULT_TRANSPORT_LIMITS.strangers),
  waitingSteps: count.default(DEFAULT_LIMITS.waitingSteps),
  waitingPerPeer: count.default(DEFAULT_LIMITS.waitingPerPeer),
  waitingRequests: count.default(DEFAULT_LIMITS.waitingRequests),
  stepsPerTurn: count.default(DEFAULT_LIMITS.stepsPerTurn),
});

const tls = z.strictObject({ ca: path, cert: path, key: path });

const fields = {
  /** Nodes of different clusters never talk. */
  cluster: name.default('lockstep'),
  /** The system's name, or the path of a file that exports it. */
  system: z.string().min(1),
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
  mutant: z.string().nullable().default(null),
  /** Which of the system's processes this is. */
  node: name,
  /** Of every process, HOST:PORT. */
  nodes: z.record(name, z.string()),
  /** Where this node listens, when not at its address in `nodes`. */
  listen: z.string().optional(),
  /** Where clients, health and metrics are served; default: nowhere. */
  http: z.string().optional(),
  /** Where each node serves clients, HOST:PORT: for clients that must be sent to another node. */
  clients: z.record(name, z.string()).default({}),
  /** The directory for the durable state. */
  data: path.optional(),
  /** Keep the state in memory instead: it is lost with the process, which no protocol here allows. For demonstrations. */
  ephemeral: z.boolean().default(false),
  /** The directory for the recording; default: nothing is recorded. */
  trace: path.optional(),
  tls: tls.optional(),
  /** Listen beyond this machine without TLS. */
  allowPlaintext: z.boolean().default(false),
  log: z.enum(LOG_LEVELS).default('info'),
  limits: limits.prefault({}),
};

const configSchema = z.strictObject(fields);

export type HostConfig = z.infer<typeof configSchema>;
/** As it is written: what has a default may be left out. */
export type GivenConfig = z.input<typeof configSchema>;

/**
 * Checks what a node is told.
 *
 * @param source where it comes from, for the message
 * @throws UsageError that names the first thing that is wrong.
 */
export function readConfig(given: unknown, source: string): HostConfig {
  const parsed = configSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`;
  if (issue?.code === 'unrecognized_keys') {
    const known = { limits, tls }[String(issue.path[0])]?.shape ?? fields;
    throw new UnknownName('setting', issue.keys[0] ?? '', Object.keys(known), `in ${source}${where}`);
  }
  const [first] = issue?.path ?? [];
  if (issue?.path.length === 1 && issue.code === 'invalid_type' && !Object.hasOwn(given ?? {}, String(first))) {
    throw new UsageError(`${source} does not say '${String(first)}'`);
  }
  throw new UsageError(`${source} is no configuration of a node:${where} ${issue?.message ?? ''}`);
}

/** @throws UsageError when the file cannot be read or is not JSON. */
export function readConfigFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new UsageError(`the configuration ${file} cannot be read: ${messageOf(thrown)}`);
  }
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new UsageError(`the configuration ${file} is not JSON: ${messageOf(thrown)}`);
  }
}
