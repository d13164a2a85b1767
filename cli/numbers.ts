/** Numbers on the command line, read strictly. */

import { InvalidArgumentError } from 'commander';

/** A reader of whole numbers from `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && Number.isSafeInteger(value)) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least}.`);
  };
}

/** Reads a time above zero in seconds: `300`, `0.5`. */
export function seconds(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It is a number of seconds above 0, such as 300 or 0.5.');
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Reads an amount of memory: `512M`, `2G`, `1.5GiB`, or bytes. */
export function memorySize(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(digits ?? Number.NaN) * (UNITS[unit.toUpperCase()] ?? 1));
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new InvalidArgumentError('It is an amount such as 512M or 2G.');
}

/** An amount of memory as people read it. */
export function memoryText(bytes: number): string {
  const [megabytes, gigabytes] = [Math.ceil(bytes / 2 ** 20), bytes / 2 ** 30];
  if (megabytes < 1000) return `${megabytes} MB`;
  return `${gigabytes < 9.95 ? gigabytes.toFixed(1) : Math.round(gigabytes)} GB`;
}
