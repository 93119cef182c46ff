import { noParameters, type FaultSpec } from '../fault-spec.ts';

/** No instance comes up: every start fails. */
export interface PlatformFailStart {
  readonly kind: 'platform.fail_start';
}

export const platformFailStart: FaultSpec<PlatformFailStart> = {
  kind: 'platform.fail_start',
  undoable: true,
  needs: [],
  parameters: noParameters({ kind: 'platform.fail_start' }, 'Makes every start of an instance fail.'),
};
