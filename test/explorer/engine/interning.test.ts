import { expect, test } from 'vitest';
import { Interning, type InterningLog, type LogEntry } from '../../../explorer/engine/interning.ts';
import { canonical, fromCanonical } from '../../../model/contract/data.ts';

class MemoryLog implements InterningLog {
  readonly entries: LogEntry[] = [];
  /** Called before an append: another worker may be faster. */
  before: () => void = () => {};
  get length() {
    return this.entries.length;
  }
  read(index: number) {
    return this.entries[index] as LogEntry;
  }
  append(length: number, entry: LogEntry) {
    this.before();
    if (this.entries.length !== length) return false;
    this.entries.push(entry);
    return true;
  }
}

const NO_PARTS = new SharedArrayBuffer(0);

/** A worker with two interners, of which one interns the parts of what is announced. */
function worker() {
  const interning = new Interning();
  const announced: string[] = [];
  const parts = interning.interner(
    (_place, text) => fromCanonical(text),
    (id) => announced.push(`part ${id}`),
  );
  const pairs = interning.interner(
    (_place, text) => fromCanonical(text) as string[],
    (id, pair) => {
      announced.push(`pair ${id}`);
      for (const part of pair) parts.intern('part', canonical(part));
    },
  );
  return { interning, parts, pairs, announced };
}

test('ids are the same in all workers, whoever came first, and each is announced once and in order', () => {
  const log = new MemoryLog();
  const [a, b] = [worker(), worker()];
  a.pairs.intern('pair', canonical(['x', 'y']));
  log.entries.push(...a.interning.entries());
  a.interning.share(log, NO_PARTS);
  b.interning.share(log, NO_PARTS);
  expect(b.pairs.intern('pair', canonical(['x', 'z']))).toBe(2);
  expect(a.parts.intern('part', canonical('z'))).toBe(3);
  expect(a.pairs.value(2)).toEqual(['x', 'z']);
  expect(b.parts.value(1)).toBe('x');
  for (const { announced } of [a, b]) {
    expect(announced.filter((name) => name.startsWith('part'))).toEqual(['part 1', 'part 2', 'part 3']);
    expect(announced.filter((name) => name.startsWith('pair'))).toEqual(['pair 1', 'pair 2']);
  }
});

test('an id that another worker gives at the same moment is taken over', () => {
  const log = new MemoryLog();
  const [a, b] = [worker(), worker()];
  a.interning.share(log, NO_PARTS);
  b.interning.share(log, NO_PARTS);
  log.before = () => {
    log.before = () => {};
    b.parts.intern('part', '"other"');
    b.parts.intern('part', '"mine"');
  };
  expect(a.parts.intern('part', '"mine"')).toBe(2);
  expect(log.entries).toHaveLength(2);
  expect(() => a.parts.value(3)).toThrow(RangeError);
});

test('what another worker has entered is among the entries, for who goes on from them in another process', () => {
  const log = new MemoryLog();
  const [a, b, resumed] = [worker(), worker(), worker()];
  a.interning.share(log, NO_PARTS);
  b.interning.share(log, NO_PARTS);
  a.parts.intern('part', '"first"');
  const id = b.parts.intern('part', '"second"');
  resumed.interning.restore(a.interning.entries());
  expect(resumed.parts.value(id)).toBe('second');
});

test('keys are those of place and text', () => {
  const { parts } = worker();
  const ids = [parts.intern('a', '"bc"'), parts.intern('a', '"b"'), parts.intern('b', '"bc"')];
  expect(new Set(ids.map((id) => parts.lo.at(id))).size).toBe(3);
});

test('parts lie side by side in the memory that workers share', () => {
  const caches = () => {
    const interning = new Interning();
    return { interning, narrow: interning.cache(1), wide: interning.cache(3) };
  };
  const [a, b] = [caches(), caches()];
  expect(a.interning.partBytes).toBe(a.narrow.bytes + a.wide.bytes);
  const memory = new SharedArrayBuffer(a.interning.partBytes);
  for (const { interning } of [a, b]) interning.share(new MemoryLog(), memory);
  for (let id = 1; id <= 1000; id++) {
    a.narrow.set(Int32Array.of(id), id);
    a.wide.set(Int32Array.of(id, id, id), -id);
  }
  expect(b.narrow.get(Int32Array.of(1000))).toBe(1000);
  expect(b.wide.get(Int32Array.of(1000, 1000, 1000))).toBe(-1000);
});

test('what a cache tells of an id, this worker knows', () => {
  const workers = () => {
    const { interning, parts } = worker();
    return { interning, parts, cache: interning.cache(1) };
  };
  const [a, b] = [workers(), workers()];
  const log = new MemoryLog();
  const memory = new SharedArrayBuffer(a.interning.partBytes);
  for (const { interning } of [a, b]) interning.share(log, memory);
  a.cache.set(Int32Array.of(7), a.parts.intern('part', '"x"'));
  expect(b.parts.value(b.cache.get(Int32Array.of(7)))).toBe('x');
});
