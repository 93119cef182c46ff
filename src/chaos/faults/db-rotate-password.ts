import { freshCredentials, readCredentials, seeRefused } from '../credentials.ts';
import type { FaultAction } from '../fault-action.ts';
import { changeServer } from '../lasting-change.ts';
import { needDatabase } from '../need-database.ts';

/**
 * The service's role gets a new password: sessions stay, logins with the old one are refused (28P01), and the new one
 * is published where the service can read it. Confirmed by the role's catalog entry, or by a login.
 */
export const dbRotatePassword: FaultAction<'db.rotate_password'> = {
  kind: 'db.rotate_password',
  apply: async ({ kind }, context) => {
    const database = needDatabase(context);
    const { service } = context;
    const before = await readCredentials(database, service);
    const fresh = await freshCredentials(before.login);
    const takeBack = await changeServer(context, database, {
      changes: `role ${before.login.role}: another password`,
      make: [fresh.statement],
      undo: [before.password],
    });
    await database.publishPassword(service, fresh.password);
    return {
      detail: `${kind}: ${before.login.role} has a new password`,
      confirm: () => seeRefused(database, service, fresh),
      undo: async () => {
        await takeBack();
        await database.publishPassword(service, null);
        return `${before.login.role} has its old password again`;
      },
      endsWithRun: database.disposable,
    };
  },
};
