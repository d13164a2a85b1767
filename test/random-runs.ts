/** How often random tests draw. */

/**
 * So many times under `npm run check:full`, where the seed is a new one each time, and half as many otherwise: with the seed
 * that they have every time, more would mostly repeat what is known to hold.
 */
export function randomRuns(thorough: number): number {
  return process.env.LOCKSTEP_FULL === '1' ? thorough : Math.ceil(thorough / 2);
}
