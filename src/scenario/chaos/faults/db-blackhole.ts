import { noParameters, type FaultSpec } from '../fault-spec.ts';

/** No byte passes the links either way, and nothing is closed. */
export interface DbBlackhole {
  readonly kind: 'db.blackhole';
}

export const dbBlackhole: FaultSpec<DbBlackhole> = {
  kind: 'db.blackhole',
  undoable: true,
  needs: [],
  parameters: noParameters(
    { kind: 'db.blackhole' },
    'Lets no byte pass to Postgres or back, and closes nothing.',
  ),
};
