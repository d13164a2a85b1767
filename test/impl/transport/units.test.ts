/** The small parts of the transport. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomisedTimers } from '../../../impl/node/timers.ts';
import { addressText, readAddress } from '../../../impl/transport/address.ts';
import { backoff } from '../../../impl/transport/backoff.ts';
import { refuseExposure } from '../../../impl/wire/security.ts';

test.each([
  ['127.0.0.1:7001', { host: '127.0.0.1', port: 7001 }],
  ['node-1.example:80', { host: 'node-1.example', port: 80 }],
  ['[::1]:7001', { host: '::1', port: 7001 }],
])('%s is an address', (text, address) => {
  expect(readAddress(text, 'it')).toEqual(address);
  expect(addressText(address)).toBe(text);
});

test.each(['', '7001', 'host', 'host:', ':7001', 'host:70000', '::1:7001', '[::1]', 'host:x'])('%s is none', (text) => {
  expect(() => readAddress(text, 'listen')).toThrow(`listen is '${text}': it must be HOST:PORT`);
});

test('waits double up to the longest, and chance takes at most half of each', () => {
  const limits = { first: 50, longest: 2000 };
  fc.assert(
    fc.property(fc.nat(200), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
      const whole = Math.min(2000, 50 * 2 ** failures);
      const wait = backoff(failures, limits, random);
      expect(wait).toBeGreaterThanOrEqual(whole / 2);
      expect(wait).toBeLessThan(whole);
    }),
  );
});

test.each(['127.0.0.1', '127.8.9.1', 'localhost', '::1'])('%s needs no protection', (host) => {
  refuseExposure(host, false, false);
});

test.each(['0.0.0.0', '::', '192.168.0.7', '127.0.0.1.example.com', 'example.com', ''])('%s does', (host) => {
  expect(() => refuseExposure(host, false, false)).toThrow('without TLS');
  refuseExposure(host, true, false);
  refuseExposure(host, false, true);
});

test('a timer waits anew within its range, each time it is set', () => {
  const waits: number[] = [];
  let stopped = 0;
  const clock = {
    after: (ms: number) => {
      waits.push(ms);
      return () => {
        stopped += 1;
      };
    },
  };
  const chances = [0, 0.5, 0.999];
  const timers = randomisedTimers(
    { name: 'p', timers: ['tick'] },
    { tick: [100, 300] },
    clock,
    () => chances.shift() ?? 0,
  );
  for (let count = 0; count < 3; count++) timers.set('tick', () => {});
  expect(waits.map(Math.round)).toEqual([100, 200, 300]);
  expect(stopped).toBe(2);
  timers.clear('tick');
  expect(stopped).toBe(3);
});
