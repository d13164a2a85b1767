import { expect, test } from 'vitest';
import { Interning, type InterningLog, type LoggedName } from '../../../explorer/engine/interning.ts';
import { canonical, fromCanonical } from '../../../model/contract/data.ts';

class MemoryLog implements InterningLog {
  readonly names: LoggedName[] = [];
  /** Called before an append: another worker may be faster. */
  before: () => void = () => {};
  get length() {
    return this.names.length;
  }
  read(index: number) {
    return this.names[index] as LoggedName;
  }
  append(length: number, entry: LoggedName) {
    this.before();
    if (this.names.length !== length) return false;
    this.names.push(entry);
    return true;
  }
}

/** A worker with two interners: announcing a pair interns its parts. */
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
  log.names.push(...a.interning.names());
  a.interning.share(log);
  b.interning.share(log);
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
  a.interning.share(log);
  b.interning.share(log);
  log.before = () => {
    log.before = () => {};
    b.parts.intern('part', '"other"');
    b.parts.intern('part', '"mine"');
  };
  expect(a.parts.intern('part', '"mine"')).toBe(2);
  expect(log.names).toHaveLength(2);
  expect(() => a.parts.value(3)).toThrow(RangeError);
});

test('keys are those of place and text', () => {
  const { parts } = worker();
  const ids = [parts.intern('a', '"bc"'), parts.intern('a', '"b"'), parts.intern('b', '"bc"')];
  expect(new Set(ids.map((id) => parts.lo.at(id))).size).toBe(3);
});
