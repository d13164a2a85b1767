import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    // Tests of the command run the built program.
    globalSetup: ['test/build.ts'],
    testTimeout: 60_000,
    // Vitest leaves one core idle, which on two cores is half of them.
    maxWorkers: '100%',
  },
});
