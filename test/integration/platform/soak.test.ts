import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRunClock } from '../../../src/base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import type { CloudRunAdmin } from '../../../src/platform/cloud-run/cloud-run-admin.ts';
import { makeLocalPlatform, type RunningLocalService } from '../../../src/platform/local/local-platform.ts';
import { documentedRules } from '../../../src/platform/local/rules.ts';
import { descendantsOf, waitUntilGone } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

/** Ten of each in every run of the suite; `npm run soak` asks for two hundred. */
const rounds = Number(process.env['SOAK_ROUNDS'] ?? 10);
const roundLimitMs = 30_000;

/** What a change may hold for a moment more, and a leak of one a round exceeds. */
const slack = 6;

const fixtures = new URL('../../fixtures/platform/', import.meta.url).pathname;

let guard: ProcessGuard;
let platform: RunningLocalService;
let admin: CloudRunAdmin;
let emulator: number;

beforeAll(async () => {
  guard = startProcessGuard();
  const rules = { ...documentedRules, scalingTickMs: 50, surplusHoldMs: 100, idleRetentionMs: 150 };
  platform = await makeLocalPlatform(
    {
      kind: 'local',
      service: 'api',
      services: [
        {
          name: 'api',
          resource: {
            template: {
              scaling: { maxInstanceCount: 3 },
              containers: [{ name: 'api', ports: [{ containerPort: 8080 }] }],
            },
          },
          programs: { api: { kind: 'process', command: ['node', `${fixtures}ok.mjs`] } },
          cwd: fixtures,
          secretFiles: {},
          startupDelayMs: 0,
        },
      ],
      emulation: { profile: 'cloudrun', timeScale: 1, idleCpu: 'full', slotAfterTimeout: 'held' },
    },
    guard,
    rules,
  ).start({
    databases: { api: { host: '127.0.0.1', port: 9, user: 'x', password: 'x', database: 'x' } },
    clock: makeRunClock(),
    onEvent: () => undefined,
    signal: new AbortController().signal,
  });
  admin = await platform.admin();
  emulator = descendantsOf(process.pid).find(({ command }) => command.includes('emulator-main'))!.pid;
});

afterAll(async () => {
  const family = descendantsOf(emulator);
  await platform.stop(1000);
  guard.dismiss();
  expect(await waitUntilGone(family)).toEqual([]);
});

/** What the emulator holds: processes, open files and sockets among them, folders of instances. */
function holdings(): { processes: number; descriptors: number; folders: number } {
  return {
    processes: descendantsOf(emulator).length,
    descriptors: readdirSync(`/proc/${emulator}/fd`).length,
    folders: readdirSync(tmpdir()).filter((name) => name.startsWith('pp-')).length,
  };
}

async function instances(): Promise<number> {
  const { services } = await platform.emulator.status();
  const all = services.flatMap(({ revisions }) => revisions.map(({ instances: counts }) => counts));
  return all.reduce((sum, { starting, ready, stopping }) => sum + starting + ready + stopping, 0);
}

async function untilZero(): Promise<void> {
  await until(
    async () => (await instances()) === 0,
    () => 'the fleet did not go to zero',
  );
}

async function isAnswered(): Promise<void> {
  const response = await fetch(platform.url);
  expect(response.status).toBe(200);
  await response.text();
}

test.skipIf(process.platform !== 'linux')(
  `${rounds} rollouts leave no process, no socket, no open file and no folder behind`,
  async () => {
    await admin.deploy('api', { env: { ROUND: 'first' } });
    await isAnswered();
    await untilZero();
    const before = holdings();
    const seen = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const { revision } = await admin.deploy('api', { env: { ROUND: String(round) } });
      seen.add(revision);
      await isAnswered();
    }
    await untilZero();
    expect(seen.size).toBe(rounds);
    await expectNoMoreThan(before);
  },
  rounds * roundLimitMs,
);

test.skipIf(process.platform !== 'linux')(
  `${rounds} times to zero and back leave nothing behind`,
  async () => {
    await untilZero();
    const before = holdings();
    for (let round = 0; round < rounds; round += 1) {
      await isAnswered();
      await untilZero();
    }
    await expectNoMoreThan(before);
  },
  rounds * roundLimitMs,
);

/** What an instance held may go a moment after it. */
async function expectNoMoreThan(before: ReturnType<typeof holdings>): Promise<void> {
  const isLeft = (): boolean => {
    const now = holdings();
    return (
      now.processes > before.processes ||
      now.descriptors > before.descriptors + slack ||
      now.folders > before.folders
    );
  };
  await until(
    () => !isLeft(),
    () => `left behind: ${JSON.stringify({ before, now: holdings() })}`,
  );
}
