/** The table of built-in systems: its names are the systems' own, and it leaves none out. */

import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtInNames, builtInSystem, builtInSystems } from '../../model/registry.ts';

const MODEL = new URL('../../model/', import.meta.url);

test('each name is that of the system which is loaded for it', async () => {
  const systems = await builtInSystems();
  expect(systems.map(({ name }) => name)).toEqual(builtInNames);
  for (const system of systems) expect(await builtInSystem(system.name)).toBe(system);
});

test('there is a system for each folder that has pinned runs', () => {
  const pinned = readdirSync(MODEL).filter((folder) => existsSync(new URL(`${folder}/manifest.json`, MODEL)));
  expect(builtInNames.toSorted()).toEqual(pinned.toSorted());
});

test.each(['', 'Paxos', 'toString', '__proto__'])('there is no system %j', async (name) => {
  expect(await builtInSystem(name)).toBeUndefined();
});
