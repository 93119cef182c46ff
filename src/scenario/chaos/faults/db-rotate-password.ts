import { noParameters, type FaultSpec } from '../fault-spec.ts';

/** The service's role gets a new password. Sessions live on; the old password is refused. */
export interface DbRotatePassword {
  readonly kind: 'db.rotate_password';
}

export const dbRotatePassword: FaultSpec<DbRotatePassword> = {
  kind: 'db.rotate_password',
  undoable: true,
  needs: ['admin_role'],
  restores: 'credentials',
  parameters: noParameters(
    { kind: 'db.rotate_password' },
    'Gives the service’s role a new password; the old one is refused.',
  ),
};
