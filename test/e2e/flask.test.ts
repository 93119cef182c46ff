import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../src/verdict/summary.ts';
import { freshFolder, onlyRunFolder, runCli, type CliEnd } from '../support/cli.ts';
import { dockerNames, hasFlaskImage } from '../support/docker.ts';

const programs = ['/usr/bin/gunicorn', '/usr/sbin/pgbouncer'];
const missing = programs.filter((program) => !existsSync(program));
if (missing.length > 0) console.warn(`\nSKIPPED: Flask as processes: ${missing.join(', ')} not installed\n`);

const tries = 3;

/** INCONCLUSIVE says "run it again". */
async function ran(scenario: string): Promise<{ end: CliEnd; summary: Summary }> {
  for (let left = tries - 1; ; left -= 1) {
    const out = await freshFolder();
    const end = await runCli(['run', `test/services/flask/${scenario}`, '--out', out, '--quiet']);
    if (end.exitCode === 3 && left > 0) continue;
    const summary = readFileSync(join(onlyRunFolder(out), 'summary.json'), 'utf8');
    return { end, summary: JSON.parse(summary) as Summary };
  }
}

const forms = [
  { form: 'Flask as processes', scenario: 'scenario.yaml', isThere: missing.length === 0 },
  {
    form: 'Flask as containers',
    scenario: 'scenario-image.yaml',
    isThere: hasFlaskImage('Flask as containers'),
  },
];

describe.each(forms)('$form', ({ scenario, isThere }) => {
  describe.skipIf(!isThere)('with gunicorn, psycopg2 and a PgBouncer sidecar, from zero to a verdict', () => {
    let end: CliEnd;
    let summary: Summary;
    beforeAll(async () => void ({ end, summary } = await ran(scenario)), 400_000);

    it('is judged, and stays within its line', () => {
      expect({ exitCode: end.exitCode, verdict: summary.verdict }, end.stdout + end.stderr).toEqual({
        exitCode: 0,
        verdict: 'PASS',
      });
    });

    it('holds through the sidecar what PgBouncer was told, in each of two instances', () => {
      expect(summary.backends.peak_exact).toBe(4);
      expect(summary.backends.refused).toBe(0);
      expect(summary.instances.peak).toBe(2);
      const answered = summary.outcomes.find(({ phase }) => phase === 'baseline');
      expect(Object.keys(answered?.counts ?? {})).toEqual(['ok']);
    });

    it('leaves no container behind', ({ skip }) => {
      skip(!scenario.includes('image'), 'nothing of it ran in Docker');
      expect(dockerNames('container', 'label=poolproof.emulator')).toEqual([]);
    });
  });
});
