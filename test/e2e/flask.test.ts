import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { dockerNames, hasFlaskImage } from '../support/docker.ts';
import { runAlone, type JudgedRun } from '../support/run-scenarios.ts';

const programs = ['/usr/bin/gunicorn', '/usr/sbin/pgbouncer'];
const missing = programs.filter((program) => !existsSync(program));
if (missing.length > 0) console.warn(`\nSKIPPED: Flask as processes: ${missing.join(', ')} not installed\n`);

const forms = [
  { form: 'Flask as processes', scenario: 'scenario.yaml', isThere: missing.length === 0 },
  {
    form: 'Flask as containers',
    scenario: 'scenario-image.yaml',
    isThere: hasFlaskImage('Flask as containers'),
  },
];

const fileOf = (scenario: string): string => `test/services/flask/${scenario}`;
let runs: ReadonlyMap<string, JudgedRun>;

beforeAll(async () => {
  runs = await runAlone(
    forms.filter(({ isThere }) => isThere).map(({ scenario }) => fileOf(scenario)),
    'PASS',
  );
}, 900_000);

describe.each(forms)('$form', ({ scenario, isThere }) => {
  describe.skipIf(!isThere)('with gunicorn, psycopg2 and a PgBouncer sidecar, from zero to a verdict', () => {
    const the = (): JudgedRun => runs.get(fileOf(scenario))!;

    it('is judged, and stays within its line', () => {
      const { end, summary } = the();
      expect({ exitCode: end.exitCode, verdict: summary.verdict }, end.stdout + end.stderr).toEqual({
        exitCode: 0,
        verdict: 'PASS',
      });
    });

    it('holds through the sidecar what PgBouncer was told, in each of two instances', () => {
      const { summary } = the();
      expect(summary.backends.peak_exact).toBe(4);
      expect(summary.backends.refused).toBe(0);
      expect(summary.instances.peak).toBe(2);
      const answered = summary.outcomes.find(({ phase }) => phase === 'baseline');
      expect(Object.keys(answered?.counts ?? {})).toEqual(['ok']);
    });

    it.runIf(scenario.includes('image'))('leaves no container behind', () => {
      expect(dockerNames('container', 'label=poolproof.emulator')).toEqual([]);
    });
  });
});
