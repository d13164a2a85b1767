/**
 * One measurement in a process of its own: `node measure.js EXPLORER SYSTEM STATES [NAME=VALUE...]` checks an instance and
 * prints counts, speed and memory as JSON. STATES is a limit on distinct states, or `all`.
 */

import { check } from '../explorer/check.ts';
import { builtInSystems } from '../model/registry.ts';

/** What one measurement gives. */
export interface Measurement {
  readonly distinct: number;
  readonly generated: number;
  readonly transitionsPerSecond: number;
  /** Peak memory of the process less what it had before the check, per distinct state. */
  readonly bytesPerState: number;
  readonly handlerCalls: number | null;
}

const [explorer, name, states, ...settings] = process.argv.slice(2);
const system = builtInSystems.find((candidate) => candidate.name === name);
if (system === undefined) throw new Error(`no system '${name}'`);

const before = process.memoryUsage.rss();
const result = await check(system, {
  explorer: explorer === 'naive' ? 'naive' : 'engine',
  parameters: Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string])),
  ...(states === 'all' ? {} : { states: Number(states) }),
});
const peak = process.resourceUsage().maxRSS * 1024;
const measurement: Measurement = {
  distinct: result.distinct,
  generated: result.generated,
  transitionsPerSecond: result.generated / (result.elapsedMs / 1000),
  bytesPerState: (peak - before) / result.distinct,
  handlerCalls: result.handlerCalls === null ? null : result.handlerCalls.memoised + result.handlerCalls.repeated,
};
console.log(JSON.stringify(measurement));
