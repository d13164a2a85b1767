/** Structured logs: one JSON object a line, on stderr. */

import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A log whose lines all name the node. Written at once, so that a killed process has said what it had to say. */
export function openLog(
  node: string,
  level: LogLevel,
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  const formatters = { level: (label: string) => ({ level: label }) };
  return pino({ level, base: { node }, timestamp: pino.stdTimeFunctions.isoTime, formatters }, destination);
}
