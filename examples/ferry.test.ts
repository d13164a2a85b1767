import { check } from 'lockstep';
import { expect, test } from 'vitest';
import ferry from './ferry.ts';

test('holds', async () => expect((await check(ferry)).verdict).toBe('holds'));
