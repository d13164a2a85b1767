import { describe, expect, test } from 'vitest';
import { VisitedSet, visitedMemory } from '../../../explorer/engine/visited-set.ts';

const MEBIBYTE = 2 ** 20;

/** Fingerprints spread as those of states are. */
function low(n: number): number {
  return Math.imul(Math.imul(n, 0x9e3779b1) ^ (n >>> 7), 0x85ebca6b);
}

function grow(set: VisitedSet): void {
  set.beginGrowth();
  set.growShards();
  set.endGrowth();
}

describe('the visited set', () => {
  test('knows what was added, through growth, and keeps the least parent of the level before', () => {
    const set = new VisitedSet(visitedMemory(64 * MEBIBYTE));
    set.advanceTo(2);
    const count = 2_000_000;
    for (let n = 1; n <= count; n++) {
      if (!set.offer(low(n), n, 1000 - n, 0)) throw new Error(`${n} was known`);
      if (set.tell()) grow(set);
    }
    for (let n = 1; n <= count; n++) {
      if (set.offer(low(n), n, n === 7 ? -count : 1000, 0)) throw new Error(`${n} was not known`);
    }
    expect(set.size).toBe(count);
    expect(set.bytes / count).toBeLessThan(16);
    expect(set.withLow(low(7), 2)).toEqual([{ hi: 7, parentLo: -count }]);
    expect(set.withLow(low(8), 2)).toEqual([{ hi: 8, parentLo: 992 }]);
    set.advanceTo(3);
    expect(set.offer(low(8), 8, -9999, 0)).toBe(false);
    expect(set.withLow(low(8), 2)).toEqual([{ hi: 8, parentLo: 992 }]);
    expect(set.withLow(low(8), 3)).toEqual([]);
  });

  test('states whose low words coincide are told apart, and every word may be 0', () => {
    const set = new VisitedSet(visitedMemory(MEBIBYTE));
    for (const lo of [5, 0, -1]) {
      expect([set.offer(lo, 0, 0, 0), set.offer(lo, 2, 0, 0), set.offer(lo, 0, 0, 0)]).toEqual([true, true, false]);
    }
  });

  test('keeps the parents of states that were found hundreds of levels ago', () => {
    const set = new VisitedSet(visitedMemory(MEBIBYTE));
    for (let depth = 1; depth <= 1000; depth++) {
      set.advanceTo(depth);
      expect(set.offer(low(depth), depth, low(depth - 1), 0)).toBe(true);
      // States met again, from any level, keep the parent that they had.
      for (const older of [1, depth >> 1, depth - 252, depth - 126]) {
        if (older >= 1 && older < depth) expect(set.offer(low(older), older, -2147483648, 0)).toBe(false);
      }
    }
    for (let depth = 1; depth <= 1000; depth++) {
      expect(set.withLow(low(depth), depth)).toEqual([{ hi: depth, parentLo: low(depth - 1) }]);
    }
  });

  test('levels of any size are told apart from those hundreds of levels ago, whoever found them', () => {
    const memory = visitedMemory(MEBIBYTE);
    const sets = [new VisitedSet(memory, true), new VisitedSet(memory, false)] as const;
    const sizes = [1, 1, 40, 1, 3000, 1, 1];
    const found: { n: number; depth: number }[] = [];
    for (let depth = 1, n = 0; depth <= 1300; depth++) {
      sets[0].advanceTo(depth);
      sets[1].refresh();
      for (let left = depth % 90 === 0 ? (sizes[(depth / 90) % sizes.length] as number) : 1; left > 0; left--) {
        const set = sets[depth % 400 < 200 ? 0 : left % 2] as VisitedSet;
        n++;
        found.push({ n, depth });
        expect(set.offer(low(n), n, n, 0)).toBe(true);
      }
      for (const set of sets) set.tellAll();
      // Whatever was found before is offered again, from parents that come first.
      for (let again = found.length - 1; again >= 0; again -= 97) {
        const state = found[again] as (typeof found)[number];
        if (state.depth < depth) expect(sets[0].offer(low(state.n), state.n, -state.n, 0)).toBe(false);
      }
    }
    for (const { n, depth } of found) expect(sets[0].withLow(low(n), depth)).toEqual([{ hi: n, parentLo: n }]);
  });

  test('is grown by a worker, too, that has not been at work since it last grew', () => {
    const memory = visitedMemory(16 * MEBIBYTE);
    const [coordinator, idle] = [new VisitedSet(memory, true), new VisitedSet(memory, false)];
    const count = 400_000;
    for (let n = 1; n <= count; n++) {
      coordinator.offer(low(n), n, n, 0);
      if (!coordinator.tell()) continue;
      coordinator.beginGrowth();
      idle.growShards();
      coordinator.growShards();
      coordinator.endGrowth();
    }
    for (let n = 1; n <= count; n++) if (coordinator.offer(low(n), n, n, 0)) throw new Error(`${n} was forgotten`);
    expect(coordinator.size).toBe(count);
  });

  test('says when there is no room to grow', () => {
    const set = new VisitedSet(visitedMemory(MEBIBYTE));
    for (let n = 1; set.bytesToGrow < Number.POSITIVE_INFINITY; n++) {
      set.offer(low(n), n, 0, 0);
      if (set.tell()) grow(set);
    }
    expect(set.size).toBeGreaterThan(500_000);
  });
});
