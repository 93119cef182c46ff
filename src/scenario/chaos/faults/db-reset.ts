import { noParameters, type FaultSpec } from '../fault-spec.ts';

/** Resets every connection to Postgres. Broken sessions do not come back: their clients open others. */
export interface DbReset {
  readonly kind: 'db.reset';
}

export const dbReset: FaultSpec<DbReset> = {
  kind: 'db.reset',
  undoable: false,
  needs: [],
  parameters: noParameters({ kind: 'db.reset' }, 'Resets every connection to Postgres.'),
};
