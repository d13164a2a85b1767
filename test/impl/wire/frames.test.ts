/** Frames: whole again however they were cut on the way. */

import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, FrameReader, WireError } from '../../../impl/wire/frames.ts';

const LIMIT = 10_000;

/** What `toJson` gives: any JSON without the key that no plain data has. */
const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"__proto__":'));

test('frames come out as they went in, whatever the pieces', () => {
  fc.assert(
    fc.property(
      fc.array(json, { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
      (values, sizes) => {
        const bytes = Buffer.concat(values.map((value) => encodeFrame(value, LIMIT)));
        const reader = new FrameReader(LIMIT);
        const read: unknown[] = [];
        for (let at = 0, piece = 0; at < bytes.length; piece++) {
          const size = sizes[piece % sizes.length] ?? 1;
          reader.add(bytes.subarray(at, at + size));
          at += size;
          for (let frame = reader.next(); frame !== undefined; frame = reader.next()) read.push(frame.value);
        }
        expect(JSON.stringify(read)).toBe(JSON.stringify(values));
        expect(reader.isWithinFrame).toBe(false);
      },
    ),
  );
});

test('a frame is not larger than the limit, on either side', () => {
  expect(() => encodeFrame('x'.repeat(LIMIT), LIMIT)).toThrow(WireError);
  const reader = new FrameReader(LIMIT);
  reader.add(Buffer.from([0, 0, 0x27, 0x11]));
  expect(() => reader.next()).toThrow('a frame of 10001 bytes; frames here have 1 to 10000');
});

test('a key that a peer would refuse is not sent, and nothing of it stays behind', () => {
  const frame = encodeFrame({ fine: 1 }, LIMIT);
  expect(() => encodeFrame([1, { deep: JSON.parse('{"__proto__": 1}') }], LIMIT)).toThrow('the key __proto__');
  expect(encodeFrame({ fine: 1 }, LIMIT)).toEqual(frame);
});

test.each([
  ['a key __proto__', { __proto: 1 }, '__proto', '__proto__'],
  ['a time, which is an extension', new Date(0), '', ''],
])('%s is refused, whoever sent it', (_what, value, written, meant) => {
  const body = Buffer.from(encode(value)).toString('latin1').replace(`\xa7${written}`, `\xa9${meant}`);
  const reader = new FrameReader(LIMIT);
  reader.add(Buffer.concat([Buffer.from([0, 0, 0, body.length]), Buffer.from(body, 'latin1')]));
  expect(() => reader.next()).toThrow(WireError);
});

test('noise is an error, whatever it is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (body) => {
      const reader = new FrameReader(LIMIT);
      reader.add(Buffer.concat([Buffer.from([0, 0, 0, body.length]), body]));
      try {
        reader.next();
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 1000 },
  );
});
