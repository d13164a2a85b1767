/** Primary integrity does not follow from the other orders: a mutant breaks it and nothing else. */

import { expect, test } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { zabSystem } from '../../../model/zab/system.ts';

test('zxid-only keeps agreement, total order and both leader orders', async () => {
  const properties = ['agreement', 'total order', 'local leader order', 'global leader order', 'one leader per epoch'];
  const { verdict, stopped } = await check(zabSystem, { mutant: 'zxid-only', properties });
  expect({ verdict, stopped }).toEqual({ verdict: 'holds', stopped: null });
});
