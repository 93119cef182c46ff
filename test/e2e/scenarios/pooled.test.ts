import { describe, expect, it } from 'vitest';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { describeEach, useRuns } from './runs.ts';
import { hasPooler, pooled } from './shipped.ts';

describe.skipIf(!hasPooler)('the poolers', () => {
  const runs = useRuns(pooled);
  const poolerOf = (file: string): Summary['poolers'][number] => runs.of(file).summary.poolers[0]!;

  describeEach(pooled, runs);

  it.each(Object.keys(pooled))(
    '%s holds at Postgres what its poolers were told, and the console shows it',
    (file) => {
      const { summary } = runs.of(file);
      expect(summary.backends.peak_exact).toBe(8);
      expect(summary.backends.refused).toBe(0);
      const { server, client, looks } = poolerOf(file);
      expect(server).toMatchObject({ predicted: 8, limit: 8, fits: true });
      expect(server.peak).toBeLessThanOrEqual(8);
      expect(client.fits).toBe(true);
      // By samples: what there was for less than a period may be missing.
      expect(client.peak).toBeGreaterThan(client.predicted! / 2);
      expect(client.peak).toBeLessThanOrEqual(client.predicted!);
      expect(looks).toBeGreaterThan(100);
    },
  );

  it('differ in where the waiting is, and the fan-out is named', () => {
    const named = (file: string): readonly string[] => runs.of(file).summary.diagnosis.map(({ id }) => id);
    expect(runs.broken('pooler-fan-out.yaml')).toContain('B11');
    expect(named('pooler-fan-out.yaml')).toContain('D21');
    expect(named('pooler.yaml')).not.toContain('D21');
    expect(poolerOf('pooler-fan-out.yaml').longest_wait_ms).toBeGreaterThan(
      poolerOf('pooler.yaml').longest_wait_ms!,
    );
  });
});
