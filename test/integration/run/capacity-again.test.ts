import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { freshFolder, onlyRunFolder, runCli } from '../../support/cli.ts';
import { writeOneInstance } from '../../support/one-instance.ts';

/** Four sessions and 200 ms a request, so 20 a second; then a revision that takes 400 ms, so 10. */
const scenario = {
  name: 'slower',
  target: {
    local: { command: ['node', resolve('scenarios/service/server.mjs')], env: { REPORT_MS: '200' } },
  },
  postgres: { embedded: { max_connections: 30, setup: resolve('scenarios/service/schema.sql') } },
  calibrate: { start: '25/s', step: '5s', factor: 1.5, again: true },
  traffic: {
    arrivals: 'uniform',
    phases: [{ name: 'rollout', duration: '3s', rate: '0.25x capacity' }],
  },
  chaos: [{ at: 'rollout+500ms', do: 'revision.deploy', with: { env: { REPORT_MS: '400' } } }],
  requests: [{ name: 'report', get: '/reports/sales', hold: '200ms' }],
};

test('a service that can do less after the phases than before was not the same all along', async () => {
  const file = await writeOneInstance(scenario);
  const out = await freshFolder();
  const { stderr } = await runCli(['run', file, '--out', out, '--progress', 'none']);
  expect(stderr).toBe('');
  const folder = onlyRunFolder(out);
  const { events } = await readEvidence(folder);
  const measured = events.filter((event) => event.kind === 'capacity');
  expect(measured.map(({ when }) => when)).toEqual(['before', 'after']);
  const [before = 0, after = 0] = measured.map(({ goodput_per_sec: perSec }) => perSec);
  expect(before).toBeGreaterThan(14);
  expect(after).toBeLessThan(0.75 * before);
  const { validity } = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
  const steady = validity.find(({ id }) => id === 'V08');
  expect(steady?.ok).toBe(false);
  expect(steady?.reason).toMatch(/capacity .*\/s before the phases, .*\/s after them, \d.* % less/);
});
