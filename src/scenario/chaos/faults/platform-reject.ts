import { noParameters, type FaultSpec } from '../fault-spec.ts';

/** A request that finds no free place is refused at once. */
export interface PlatformReject {
  readonly kind: 'platform.reject';
}

export const platformReject: FaultSpec<PlatformReject> = {
  kind: 'platform.reject',
  undoable: true,
  needs: [],
  parameters: noParameters({ kind: 'platform.reject' }, 'Refuses requests that find no free place, at once.'),
};
