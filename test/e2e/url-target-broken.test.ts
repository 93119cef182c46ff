import { describe, expect, it } from 'vitest';
import { boundIn, claim, useAddressService } from '../support/address-service.ts';
import { freshFolder, runCli } from '../support/cli.ts';
import { hasOwnPostgres } from '../support/own-postgres.ts';

const suite = 'a service at an address that breaks its promise';

describe.runIf(hasOwnPostgres(suite))(suite, () => {
  const { judged, scenarioFor, env } = useAddressService();

  it('fails when its pool is wider than what was promised', async () => {
    const summary = await judged(3 * claim);
    expect(summary.verdict).toBe('FAIL');
    expect(boundIn(summary, 'B01')).toMatchObject({ status: 'FAIL', limit: claim });
  });

  it('is refused when nothing answers there, and no run is left behind', async () => {
    const out = await freshFolder();
    const end = await runCli(['run', await scenarioFor('http://127.0.0.1:1'), '--out', out], env());
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toContain('the platform does not answer at http://127.0.0.1:1');
  });
});
