import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { allAttempts } from '../../../src/evidence/all-attempts.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import { freshFolder, onlyRunFolder, runCli } from '../../support/cli.ts';
import { writeOneInstance } from '../../support/one-instance.ts';

/** Four sessions and 200 ms a request: 20 a second, and no more. */
const calibrated = {
  name: 'calibrated',
  target: {
    local: {
      command: ['node', resolve('scenarios/service/server.mjs')],
      env: { REPORT_MS: '200', SHED_STATUS: '429' },
    },
  },
  postgres: { embedded: { max_connections: 30, setup: resolve('scenarios/service/schema.sql') } },
  calibrate: { start: '14/s', step: '5s', factor: 1.3 },
  traffic: {
    arrivals: 'uniform',
    phases: [
      { name: 'calm', duration: '2s', rate: '0.5x capacity' },
      { name: 'over', duration: '3s', rate: '2x capacity', stress: true },
    ],
  },
  requests: [{ name: 'report', get: '/reports/sales', hold: '200ms' }],
  leak_probe: { request: 'report' },
};

/** Three requests that never give their session back, and then nothing. */
const leaking = {
  name: 'leaking',
  target: { local: { command: ['node', resolve('test/fixtures/run/leaky.mjs')], env: { DB_POOL_MAX: '4' } } },
  postgres: { embedded: { max_connections: 30 } },
  traffic: { phases: [{ name: 'only', duration: '2s', sync: { requests: 3 } }] },
  requests: [
    { name: 'leak', get: '/leak' },
    { name: 'work', weight: 0.000_001, get: '/work', hold: '250ms' },
  ],
  leak_probe: { request: 'work' },
};

async function recorded(scenario: object): Promise<Evidence> {
  const file = await writeOneInstance(scenario);
  const out = await freshFolder();
  const { stderr } = await runCli(['run', file, '--out', out, '--progress', 'none']);
  expect(stderr).toBe('');
  return readEvidence(onlyRunFolder(out));
}

let runs: { readonly calibrated: Evidence; readonly leaking: Evidence };
beforeAll(async () => {
  const [one, other] = await Promise.all([recorded(calibrated), recorded(leaking)]);
  runs = { calibrated: one, leaking: other };
});

describe('a calibrated run', () => {
  test('finds what the service can do, in steps that are on record', () => {
    const { run, events } = runs.calibrated;
    const [capacity, ...others] = events.filter((event) => event.kind === 'capacity');
    expect(others).toEqual([]);
    expect(capacity?.when).toBe('before');
    expect(capacity?.goodput_per_sec).toBeGreaterThan(15);
    expect(capacity?.goodput_per_sec).toBeLessThan(21);
    expect(capacity?.low_per_sec).toBeLessThanOrEqual(capacity?.goodput_per_sec ?? 0);
    expect(capacity?.high_per_sec).toBeGreaterThanOrEqual(capacity?.goodput_per_sec ?? Infinity);
    expect(capacity?.steps[0]).toMatchObject({ rate_per_sec: 14, failed: 0 });
    const [calibration] = run.calibrations ?? [];
    expect(calibration?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(calibration?.steps.slice(0, 2).map(({ name }) => name)).toEqual([
      'calibration 1',
      'calibration 2',
    ]);
  });

  test('sends its phases at multiples of that, by a schedule that was made of it', () => {
    const { run, attempts } = runs.calibrated;
    const perSec = run.capacity?.per_sec ?? 0;
    expect(run.capacity?.by).toBe('measured');
    expect(run.phases.map(({ ratePerSec }) => ratePerSec)).toEqual([0.5 * perSec, 2 * perSec]);
    expect(attempts).toHaveLength(run.schedule.planned);
    expect(run.schedule.planned).toBeCloseTo(2 * 0.5 * perSec + 3 * 2 * perSec, -1);
    expect(new Set(attempts.map(({ phase }) => phase))).toEqual(new Set(['calm', 'over']));
  });

  test('keeps what it asked before and after apart from its phases, and numbers no two arrivals alike', () => {
    const { beside = [] } = runs.calibrated;
    const names = new Set(beside.map(({ phase }) => phase));
    expect(names).toContain('calibration 1');
    expect(names).toContain('leak probe');
    const all = allAttempts(runs.calibrated);
    expect(new Set(all.map(({ arrival }) => arrival)).size).toBe(all.length);
    expect(all.every(({ attempt }) => attempt === 1)).toBe(true);
  });

  test('records how long the service said that its requests waited for a session', () => {
    const served = runs.calibrated.attempts.filter(({ outcome }) => outcome === 'ok');
    expect(served.every(({ acquireUs }) => acquireUs !== null && acquireUs >= 0)).toBe(true);
    const refused = runs.calibrated.attempts.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ outcome, errorCode }) => outcome === 'shed' && errorCode === 'shed')).toBe(true);
  });

  test('looks at the machine once a second', () => {
    const { events } = runs.calibrated;
    const machine = events.filter((event) => event.kind === 'machine');
    const spanSec = ((machine.at(-1)?.t_us ?? 0) - (machine[0]?.from_us ?? 0)) / 1e6;
    expect(machine.length).toBeGreaterThan(0.5 * spanSec);
    expect(machine.length).toBeLessThan(1.5 * spanSec + 2);
    expect(machine.every(({ busy, cpus }) => busy >= 0 && busy <= 1 && cpus > 0)).toBe(true);
    expect(machine.some(({ busy }) => busy > 0)).toBe(true);
  });
});

describe('a leak probe', () => {
  test('finds every session of a service that gives them back', () => {
    const [probe] = runs.calibrated.events.filter((event) => event.kind === 'probe');
    expect(probe).toMatchObject({ cycle: 1, alive: 1, sent: 4, ok: 4 });
    expect(probe?.hold_us).toBeGreaterThan(190_000);
  });

  test('misses those that a service has kept, although Postgres shows no more sessions than before', () => {
    const [probe] = runs.leaking.events.filter((event) => event.kind === 'probe');
    expect(probe).toMatchObject({ alive: 1, sent: 4, ok: 1 });
    const most = runs.leaking.backends
      .filter(({ source }) => source === 'link')
      .reduce((peak, { count }) => Math.max(peak, count), 0);
    expect(most).toBeLessThanOrEqual(4);
  });
});
