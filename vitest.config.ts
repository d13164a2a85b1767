import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    // Tests of the command run the built program.
    globalSetup: ['test/build.ts'],
    testTimeout: 60_000,
  },
});
