import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What measures time or is judged: any company on the machine would be in the figures. */
const alone = [
  'test/integration/load/*.test.ts',
  'test/integration/postgres/{container,sampler-restart,sampler-truth}.test.ts',
  'test/integration/run/{capacity,capacity-again,cloud-sql,doors}.test.ts',
  'test/e2e/{scenarios,flask}.test.ts',
];

/** Real processes, sockets and servers. */
const real = {
  globalSetup: './test/support/build-once.ts',
  setupFiles: './test/support/own-tmpdir.ts',
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // A machine that does something else for a second is no defect; what needed it is shown as retried.
  retry: 1,
};

/** Most of the time these wait for other processes, so there may be more of them than cores. */
const besideEachOther = { maxWorkers: availableParallelism() + 1, sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/e2e/**'],
          // Pure code: one process a core, and no file undoes what another imported.
          pool: 'threads',
          testTimeout: 30_000,
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: alone,
          ...real,
          ...besideEachOther,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: alone,
          ...real,
          ...besideEachOther,
        },
      },
      {
        test: {
          name: 'alone',
          include: alone,
          ...real,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
