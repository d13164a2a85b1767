/** Failures: one clear sentence on stderr, a suggestion where there is one, and exit code 2. */

import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { distance } from 'fastest-levenshtein';
import { EXIT } from './exit.ts';
import { printJson, remark } from './streams.ts';

/** What went wrong, as `--json` prints it under `error`. */
interface Failure {
  /** `usage`: the request is at fault; `model`: the model is; `internal`: Lockstep itself is. */
  readonly kind: 'usage' | 'model' | 'internal';
  readonly message: string;
  readonly suggestion: string | null;
}

/** Tells of whatever was thrown and sets the exit code. Under --json, stdout gets `{"error": ...}` too. */
export function fail(thrown: unknown, json: boolean): void {
  process.exitCode = EXIT.error;
  const failure = failureOf(thrown);
  if (json) printJson({ error: failure });
  const { kind, message, suggestion } = failure;
  const label = { usage: 'error', model: 'model error', internal: 'lockstep failed (please report this)' }[kind];
  remark(`${label}: ${message}${suggestion === null ? '' : `\nDid you mean '${suggestion}'?`}`);
  if (kind === 'model') remark('Nothing is known of the properties: the model must be mended first.');
  if ((process.env.LOCKSTEP_DEBUG ?? '') !== '' && thrown instanceof Error) remark(inspect(thrown));
  else if (kind === 'internal') remark('Set LOCKSTEP_DEBUG=1 to see where.');
}

function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { kind: 'internal', message: String(thrown), suggestion: null };
  if (thrown instanceof CommanderError) return commanderFailure(thrown);
  const { message } = thrown;
  // By name, since a user's file may have brought a copy of Lockstep of its own.
  if (thrown.name === 'UsageError') return { kind: 'usage', message, suggestion: nearestKnown(thrown) };
  if (thrown.name === 'ModelError') return { kind: 'model', message, suggestion: null };
  return { kind: 'internal', message, suggestion: null };
}

function commanderFailure(error: CommanderError): Failure {
  const [sentence = '', hint] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /\(Did you mean (?:one of )?([^,?)]+)/.exec(hint ?? '')?.[1] ?? null;
  const parameter = suggestion === null && sentence.startsWith('unknown option');
  const message = parameter ? `${sentence} (parameters of a system are set as NAME=VALUE)` : sentence;
  return { kind: 'usage', message, suggestion };
}

/** The nearest of the names that an UnknownName lists, if one is near; also one that is the cause of the error. */
function nearestKnown(error: Error): string | null {
  if (!('given' in error && typeof error.given === 'string' && 'known' in error && Array.isArray(error.known))) {
    return error.cause instanceof Error ? nearestKnown(error.cause) : null;
  }
  return nearest(
    error.given,
    error.known.filter((name) => typeof name === 'string'),
  );
}

/** The name that was probably meant, whatever its case; null when none is near. */
export function nearest(given: string, known: readonly string[]): string | null {
  const wanted = given.toLowerCase();
  const ranked = known
    .map((name) => ({ name, away: distance(wanted, name.toLowerCase()) }))
    .toSorted((a, b) => a.away - b.away);
  const best = ranked[0];
  const most = Math.min(Math.max(2, Math.floor(wanted.length / 3)), wanted.length - 1);
  if (best !== undefined && best.away <= most) return best.name;
  return known.find((name) => wanted.length >= 3 && name.toLowerCase().includes(wanted)) ?? null;
}
