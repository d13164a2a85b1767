/** A user's own file: loaded as TypeScript or JavaScript, wherever it is, with `lockstep` being the running package. */

import { existsSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { messageOf, UsageError } from '../model/contract/errors.ts';
import { UnknownName } from '../model/contract/parameter.ts';
import { isSystem, type System } from '../model/contract/system.ts';

const SOURCE_EXTENSIONS: readonly string[] = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/** What a file with a system in it looks like: shown to whoever gives one that is not. Tested as it stands. */
export const EXAMPLE = `import { always, transitionSystem } from 'lockstep';

export default transitionSystem<{ small: number; big: number }>({
  name: 'jugs',
  summary: 'jugs of 3 and 5 litres: can they measure 4?',
  initial: () => [{ small: 0, big: 0 }],
  *next({ small, big }) {
    yield ['fill the small jug', { small: 3, big }];
    yield ['fill the big jug', { small, big: 5 }];
    yield ['empty the small jug', { small: 0, big }];
    yield ['empty the big jug', { small, big: 0 }];
    const fits = Math.min(small, 5 - big);
    yield ['pour small into big', { small: small - fits, big: big + fits }];
    const takes = Math.min(big, 3 - small);
    yield ['pour big into small', { small: small + takes, big: big - takes }];
  },
  properties: [always('never 4 litres', ({ big }) => big !== 4)],
});
`;

/** A reference to a file: the path, and after a # which of its exports is meant. */
interface FileReference {
  readonly path: string;
  readonly exported: string | null;
}

/** Reads FILE or FILE#EXPORT; null when the text does not look like a file. */
export function fileReference(text: string): FileReference | null {
  if (existsSync(text) && statSync(text).isFile()) return { path: text, exported: null };
  const hash = text.lastIndexOf('#');
  const path = hash === -1 ? text : text.slice(0, hash);
  const looksLikeFile = SOURCE_EXTENSIONS.includes(extname(path)) || /[/\\]/.test(path) || existsSync(path);
  return looksLikeFile ? { path, exported: hash === -1 ? null : text.slice(hash + 1) } : null;
}

/** The system that a file exports. */
export async function loadUserFile({ path, exported }: FileReference): Promise<System> {
  if (!existsSync(path)) throw new UsageError(`there is no file ${path}`);
  if (!statSync(path).isFile()) throw new UsageError(`${path} is not a file`);
  if (!SOURCE_EXTENSIONS.includes(extname(path))) {
    if (extname(path) === '.json')
      throw new UsageError(`${path} is not a system; a trace is for lockstep replay ${path}`);
    throw new UsageError(`${path} is not a TypeScript or JavaScript file (${SOURCE_EXTENSIONS.join(', ')})`);
  }
  const systems = systemsOf(await load(path));
  if (exported !== null) return named(path, exported, systems);
  const distinct = [...new Set(systems.values())];
  const [only] = distinct;
  if (only === undefined) throw new UsageError(`${path} exports no system. ${exampleText()}`);
  if (distinct.length === 1) return only;
  const chosen = systems.get('default');
  if (chosen !== undefined) return chosen;
  const choices = [...systems.keys()].map((name) => `  ${path}#${name}`);
  throw new UsageError(`${path} exports several systems; say which one:\n${choices.join('\n')}`);
}

function named(path: string, exported: string, systems: ReadonlyMap<string, System>): System {
  const system = systems.get(exported);
  if (system !== undefined) return system;
  throw new UnknownName('system', exported, [...systems.keys()], `in ${path}`);
}

async function load(path: string): Promise<unknown> {
  const [{ createJiti }, lockstep] = await Promise.all([import('jiti'), import('../index.ts')]);
  const jiti = createJiti(import.meta.url, {
    // The very modules that run, not a second copy of them.
    virtualModules: { lockstep },
    // A stale cache would check yesterday's model.
    fsCache: false,
    interopDefault: false,
  });
  try {
    return await jiti.import(resolve(path));
  } catch (thrown) {
    throw new UsageError(`${path} does not load: ${loadError(thrown)}\n${exampleText()}`, { cause: thrown });
  }
}

function loadError(thrown: unknown): string {
  const [first = ''] = messageOf(thrown).split('\n  at ');
  return first.trim();
}

/** The systems among a module's exports, by name. */
function systemsOf(module: unknown): Map<string, System> {
  const found = new Map<string, System>();
  if (isSystem(module)) return found.set('default', module);
  if (typeof module !== 'object' || module === null) return found;
  for (const [name, value] of Object.entries(module)) if (isSystem(value)) found.set(name, value);
  return found;
}

function exampleText(): string {
  return `A file with a system looks like this:\n\n${EXAMPLE.replace(/^(?=.)/gm, '    ')}`;
}
