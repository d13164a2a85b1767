import { expect, test } from 'vitest';
import { client } from '../../../model/paxos-register/client.ts';
import { Driven } from '../driven.ts';

const getOk = { type: 'GetOk', value: 'A' };

test('a client writes, reads when that is acknowledged, and is done when that is answered', () => {
  const c1 = new Driven(client({ value: 'A', putAt: 's1', getAt: 's2' }), 'c1');
  expect(c1.state.awaiting).toBe('PutOk');
  expect(c1.receive('s1', { type: 'PutOk' })).toEqual(['s2 <- Get']);
  expect(c1.state.awaiting).toBe('GetOk');
  expect(c1.receive('s2', getOk)).toEqual([]);
  expect(c1.state.awaiting).toBe(null);
});

test('a second acknowledgement is ignored', () => {
  const c1 = new Driven(client({ value: 'A', putAt: 's1', getAt: 's2' }), 'c1');
  c1.receive('s1', { type: 'PutOk' });
  expect(c1.receive('s2', { type: 'PutOk' })).toEqual([]);
  expect(c1.state.awaiting).toBe('GetOk');
});
