import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { freshFolder, onlyRunFolder, startCli } from '../../support/cli.ts';
import { writeOneInstance } from '../../support/one-instance.ts';
import { until } from '../../support/until.ts';

const scenario = {
  name: 'stopped',
  target: { local: { command: ['node', resolve('scenarios/service/server.mjs')] } },
  postgres: { embedded: { max_connections: 30, setup: resolve('scenarios/service/schema.sql') } },
  calibrate: { start: '20/s', step: '60s' },
  traffic: { phases: [{ name: 'calm', duration: '2s', rate: '0.5x capacity' }] },
  requests: [{ name: 'read', get: '/orders/1' }],
};

test('Ctrl-C while the capacity is measured keeps what was asked, and says that no phase had begun', async () => {
  const file = await writeOneInstance(scenario);
  const out = await freshFolder();
  const cli = startCli(['run', file, '--out', out, '--progress', 'plain']);
  let said = '';
  cli.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  // The first part may close right after the first requests; the second one holds seconds of them.
  const isRecorded = (): boolean => {
    const [name = ''] = readdirSync(out);
    const attempts = join(out, name, 'attempts');
    return (
      existsSync(attempts) && readdirSync(attempts).filter((part) => part.endsWith('.parquet')).length > 1
    );
  };
  await until(isRecorded, () => `nothing was recorded; the run said:\n${said}`);
  cli.kill('SIGINT');
  expect((await cli).exitCode).toBe(130);

  const folder = onlyRunFolder(out);
  const { run, attempts, beside = [] } = await readEvidence(folder);
  expect(run.ended).toMatchObject({ how: 'interrupted', reason: 'stopped by SIGINT' });
  expect(run.load_start_us).toBeNull();
  expect(attempts).toEqual([]);
  expect(beside.length).toBeGreaterThan(20);
  expect(new Set(beside.map(({ phase }) => phase))).toEqual(new Set(['calibration 1']));
  const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
  expect(summary.verdict).toBe('INTERRUPTED');
  expect(summary.headline).toContain('(stopped by SIGINT) before the first phase');
  expect(existsSync(join(folder, 'report.html'))).toBe(true);
});
