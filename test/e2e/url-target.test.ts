import { describe, expect, it } from 'vitest';
import { boundIn, claim, useAddressService } from '../support/address-service.ts';
import { hasOwnPostgres } from '../support/own-postgres.ts';

const suite = 'a service at an address';

describe.runIf(hasOwnPostgres(suite))(suite, () => {
  const { judged } = useAddressService();

  it(
    'passes when its pool fits, and what an address does not tell is said and never guessed',
    { retry: 2 },
    async () => {
      const summary = await judged(claim);
      expect(summary.verdict, summary.headline).toBe('PASS');
      expect(boundIn(summary, 'B01')).toMatchObject({ status: 'PASS', limit: claim, provenance: 'observed' });
      for (const [id, what] of [
        ['B02', 'revisions'],
        ['B06', 'instances'],
        ['B08', 'instances'],
        ['B23', 'revisions'],
        ['B25', 'instances'],
      ] as const)
        expect(boundIn(summary, id)).toMatchObject({
          status: 'NOT_APPLICABLE',
          reason: `${what} are not known at an address`,
        });
      expect(summary.validity.find(({ id }) => id === 'V04')).toMatchObject({ ok: true });
      expect(summary.provenance).toMatchObject({ platform: 'observed', profile: null });
    },
  );
});
