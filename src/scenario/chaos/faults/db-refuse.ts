import { noParameters, type FaultSpec } from '../fault-spec.ts';

/** Nobody listens at the links: new connections are refused, open ones go on. */
export interface DbRefuse {
  readonly kind: 'db.refuse';
}

export const dbRefuse: FaultSpec<DbRefuse> = {
  kind: 'db.refuse',
  undoable: true,
  needs: [],
  parameters: noParameters({ kind: 'db.refuse' }, 'Refuses new connections to Postgres; open ones go on.'),
};
