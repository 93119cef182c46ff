import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SkippedReporter } from './test/support/skipped-reporter.ts';

const cores = availableParallelism();

/** Real processes, sockets and servers. */
const real = {
  globalSetup: './test/support/build-once.ts',
  setupFiles: './test/support/own-tmpdir.ts',
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // A machine that does something else for a second is no defect; what needed it is shown as retried.
  retry: 1,
};

/** Pure like the unit tests, but each takes a second: whole runs judged, thousands of cases, real pauses. */
const thorough = [
  'test/stored-{runs,incidents}.test.ts',
  'test/verdict/{told,diagnoses/ranking}.test.ts',
  'test/evidence/{damage,recording}.test.ts',
  'test/report/render-report.test.ts',
  'test/platform/{knative/knative-profile,request/exchange,service/traffic-shift}.test.ts',
  'test/link/link-faults.test.ts',
  'test/load/pacer/pacer.test.ts',
  'test/base/{block-bootstrap,stall-watch}.test.ts',
];

/** Pure code: one thread a core, and no file undoes what another imported. */
const pure = { pool: 'threads', maxWorkers: cores, testTimeout: 30_000, isolate: false } as const;

/** States a rate or a count within a time: no more of these at once than there are cores. */
const measured = [
  'test/integration/run/{capacity,capacity-again,capacity-stopped,cloud-sql}.test.ts',
  'test/integration/postgres/sampler-truth.test.ts',
  'test/integration/load/{requests,shapes}.test.ts',
];

/** Judged live: any other load on the machine would show in the verdict. */
const alone = ['test/e2e/scenarios/four.test.ts', 'test/integration/run/kills.test.ts'];

/** Takes minutes: only in `npm run test:full`. */
const long = ['test/e2e/scenarios/{library,others,pooled}.test.ts', 'test/e2e/{flask,url-target}.test.ts'];

export default defineConfig({
  test: {
    reporters: [new SkippedReporter(), 'default'],
    experimental: { fsModuleCache: true },
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: './test/support/forget-secrets.ts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/e2e/**', 'test/architecture.test.ts', ...thorough],
          ...pure,
        },
      },
      {
        test: {
          name: 'thorough',
          include: thorough,
          ...pure,
        },
      },
      {
        test: {
          name: 'rooms',
          include: ['test/architecture.test.ts'],
          maxWorkers: cores,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/{integration,e2e}/**/*.test.ts'],
          exclude: [...measured, ...alone, ...long],
          ...real,
          // Most of the time these wait for other processes, so there may be more of them than cores.
          maxWorkers: cores + 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'measured',
          include: measured,
          ...real,
          maxWorkers: cores,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'alone',
          include: alone,
          ...real,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'long',
          include: long,
          ...real,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
