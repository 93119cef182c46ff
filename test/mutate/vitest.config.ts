import { defineConfig } from 'vitest/config';

/** The unit tests of one room. What judges stored runs is left out: it would run again for nearly every mutant. */
export default defineConfig({
  test: {
    include: [process.env['MUTATE_TESTS'] ?? ''],
    exclude: ['test/{integration,e2e}/**', '**/stored-*.test.ts', 'test/evidence/damage.test.ts'],
    pool: 'threads',
    testTimeout: 30_000,
    isolate: false,
  },
});
