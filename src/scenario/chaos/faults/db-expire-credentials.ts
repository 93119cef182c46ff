import { z } from 'zod';
import { durationMs } from '../../language/with-unit.ts';
import type { FaultSpec } from '../fault-spec.ts';

/** The service's credential is refused from then on; a new one is there `refreshAfterMs` later. */
export interface DbExpireCredentials {
  readonly kind: 'db.expire_credentials';
  readonly refreshAfterMs: number;
}

const shape = z.strictObject({
  refresh_after: durationMs
    .optional()
    .describe('How long until the new credential is there. Default: 0s.')
    .meta({ examples: ['2s'] }),
});

export const dbExpireCredentials: FaultSpec<DbExpireCredentials> = {
  kind: 'db.expire_credentials',
  undoable: true,
  needs: ['admin_role'],
  restores: 'credentials',
  parameters: z
    .codec(shape, z.custom<DbExpireCredentials>(), {
      decode: ({ refresh_after = 0 }): DbExpireCredentials => ({
        kind: 'db.expire_credentials',
        refreshAfterMs: refresh_after,
      }),
      encode: ({ refreshAfterMs }) => ({ refresh_after: refreshAfterMs }),
    })
    .describe('Refuses the credential of the service; a new one is there a while later.')
    .meta({ examples: [{ refresh_after: '2s' }] }),
};
