/**
 * One measurement in a process of its own: `node measure.js EXPLORER SYSTEM STATES [NAME=VALUE...]` checks an instance and
 * prints counts, speed and memory as JSON. STATES is a limit on distinct states, or `all`. A check that takes less than a
 * second is repeated, each time from nothing, until a second has passed: else it would be the compiler's warming up that is
 * measured.
 */

import { type CheckOptions, check } from '../explorer/check.ts';
import { builtInSystem } from '../model/registry.ts';

/** What one measurement gives. */
export interface Measurement {
  readonly distinct: number;
  readonly generated: number;
  readonly transitionsPerSecond: number;
  /** Peak memory of the process less what it had before the check, per distinct state; null for a check too small to tell. */
  readonly bytesPerState: number | null;
  readonly handlerCalls: number | null;
}

/** Below this many states, the program itself outweighs them. */
const SMALLEST_WEIGHED = 1_000_000;

const [explorer, name = '', states, ...settings] = process.argv.slice(2);
const system = await builtInSystem(name);
if (system === undefined) throw new Error(`no system '${name}'`);

const options: CheckOptions = {
  explorer: explorer === 'naive' ? 'naive' : 'engine',
  parameters: Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string])),
  ...(states === 'all' ? {} : { states: Number(states) }),
};

const before = process.memoryUsage.rss();
let result = await check(system, options);
let [generated, elapsedMs] = [result.generated, result.elapsedMs];
while (elapsedMs < 1000) {
  result = await check(system, options);
  generated += result.generated;
  elapsedMs += result.elapsedMs;
}
const peak = process.resourceUsage().maxRSS * 1024;
const measurement: Measurement = {
  distinct: result.distinct,
  generated: result.generated,
  transitionsPerSecond: generated / (elapsedMs / 1000),
  bytesPerState: result.distinct < SMALLEST_WEIGHED ? null : (peak - before) / result.distinct,
  handlerCalls: result.handlerCalls === null ? null : result.handlerCalls.memoised + result.handlerCalls.repeated,
};
console.log(JSON.stringify(measurement));
