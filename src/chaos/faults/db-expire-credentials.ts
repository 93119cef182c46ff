import { setTimeout as delay } from 'node:timers/promises';
import { freshCredentials, readCredentials, seeRefused } from '../credentials.ts';
import type { FaultAction } from '../fault-action.ts';
import { changeServer } from '../lasting-change.ts';
import { needDatabase } from '../need-database.ts';
import { identifier } from '../sql.ts';

/**
 * As when an IAM token expires: sessions live on, logins with the old credential are refused (VALID UNTIL in the past:
 * 28P01), and a new one can be read after a while. Confirmed by the role's catalog entry, or by a login.
 */
export const dbExpireCredentials: FaultAction<'db.expire_credentials'> = {
  kind: 'db.expire_credentials',
  apply: async ({ kind, refreshAfterMs }, context) => {
    const database = needDatabase(context);
    const { service } = context;
    const before = await readCredentials(database, service);
    const { role } = before.login;
    const takeBack = await changeServer(context, database, {
      changes: `role ${role}: expired, and another password`,
      make: [`alter role ${identifier(role)} valid until '1970-01-01 00:00:00+00'`],
      undo: [before.password, before.validity],
    });
    const fresh = await freshCredentials(before.login);
    const over = new AbortController();
    const refreshed = refresh().catch(() => undefined);
    return {
      detail: `${kind}: what ${role} came in with is valid no more`,
      confirm: () => seeRefused(database, service, fresh),
      undo: async () => {
        over.abort();
        await refreshed;
        await takeBack();
        await database.publishPassword(service, null);
        return `${role} gets in with what it had at first`;
      },
      endsWithRun: database.disposable,
    };

    async function refresh(): Promise<void> {
      await delay(refreshAfterMs, undefined, { signal: over.signal });
      await database.ask(fresh.statement);
      await database.ask(before.validity);
      await database.publishPassword(service, fresh.password);
    }
  },
};
