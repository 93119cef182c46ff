import { defineConfig } from 'vitest/config';

/** The unit tests of one room. Stored runs are left out: each would run again for nearly every mutant. */
export default defineConfig({
  test: {
    include: [process.env['MUTATE_TESTS'] ?? ''],
    exclude: ['test/{integration,e2e}/**', '**/stored-runs*.test.ts'],
    pool: 'threads',
    testTimeout: 30_000,
    isolate: false,
  },
});
