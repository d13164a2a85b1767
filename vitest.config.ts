import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { BUILT } from './test/place.ts';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const PROGRAM = /^(?:(?:spec|model|explorer|impl|cli)\/.*|index)\.ts$/;

/**
 * Tests run the program as it is built (test/build.ts), also where they call its functions: what vitest makes of a module
 * looks every import up at each use, and explores at half the speed.
 */
const asBuilt: Plugin = {
  name: 'lockstep:as-built',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source === 'lockstep') return join(BUILT, 'dist/index.js');
    if (!source.startsWith('.') || importer === undefined) return null;
    const path = relative(ROOT, resolve(dirname(importer), source));
    return PROGRAM.test(path) ? join(BUILT, 'dist', path.replace(/ts$/, 'js')) : null;
  },
};

/** Files that take longer than others, the longest first. */
const LONG = [
  /explorer\/differential/,
  /manifest\/share/,
  /cli\/(?:check|bad-input)\.test/,
  /explorer\/(?:workers|checkpoint|symmetry\.differential|reduction|killed)\.test/,
  /cli\//,
];

/** Long files begin first, so that in the end no worker is still at one when the others have nothing left to do. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONG.findIndex((pattern) => pattern.test(moduleId));
      return place === -1 ? LONG.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  plugins: [asBuilt],
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    setupFiles: ['test/seed.ts'],
    sequence: { sequencer: LongestFirst },
    // The program is built once.
    watch: false,
    // Stack traces name the sources.
    execArgv: ['--enable-source-maps'],
    // Only what hangs takes so long: a busy machine must not fail a test.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Vitest leaves one core idle, which on two cores is half of them.
    maxWorkers: '100%',
  },
});
