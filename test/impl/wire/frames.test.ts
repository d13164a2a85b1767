/** Frames: whole again however they were cut on the way. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, FrameReader, WireError } from '../../../impl/wire/frames.ts';

const LIMIT = 10_000;

test('frames come out as they went in, whatever the pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { minLength: 1, maxLength: 8 }),
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
