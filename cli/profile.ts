/** The profile of a check: told briefly, kept as a page. */

import type { CheckResult } from '../explorer/check.ts';
import { UsageError } from '../model/contract/errors.ts';
import type { Instance } from '../model/contract/system.ts';
import { mustBeWritable, writeWhole } from './output-file.ts';
import type { Voice } from './streams.ts';

export interface ProfileFlags {
  readonly profile?: boolean;
  readonly report?: string;
}

export function isProfiled({ profile = false, report }: ProfileFlags): boolean {
  return profile || report !== undefined;
}

/** @throws UsageError when the page cannot be written: before any work is done. */
export function refuseReport({ report }: ProfileFlags): void {
  if (report === undefined) return;
  if (!report.endsWith('.html'))
    throw new UsageError(`${report}: a report is a page; give it a name that ends in .html`);
  mustBeWritable(report);
}

/** Writes the page, if one was asked for. @throws UsageError when it cannot be written. */
export async function keepReport(result: CheckResult, instance: Instance, { report }: ProfileFlags): Promise<void> {
  if (report === undefined || result.profile === null) return;
  const { profilePage } = await import('../explorer/report/profile-page.ts');
  writeWhole(report, profilePage(instance, result, result.profile));
}

export async function tellProfile(result: CheckResult, { say, paper }: Voice): Promise<void> {
  if (result.profile === null) return;
  const { profileText } = await import('../explorer/report/profile-text.ts');
  say(`\n${profileText(result, result.profile, paper)}`);
}
