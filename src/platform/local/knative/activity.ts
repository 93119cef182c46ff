/** Whether a revision serves, and since when: what scaling to zero goes by. */
export interface Activity {
  readonly kind: 'activating' | 'active' | 'inactive';
  readonly sinceUs: number;
}

/**
 * A scale of zero makes it inactive. Any other makes it active when enough instances are ready, activating until
 * then; one that is not known (null) wakes nothing that is inactive.
 */
export function activityAfter(
  nowUs: number,
  activity: Activity,
  scale: number | null,
  isEnoughReady: boolean,
): Activity {
  const kind = kindAfter(activity, scale, isEnoughReady);
  return kind === activity.kind ? activity : { kind, sinceUs: nowUs };
}

function kindAfter(activity: Activity, scale: number | null, isEnoughReady: boolean): Activity['kind'] {
  if (scale === 0 || (scale === null && activity.kind === 'inactive')) return 'inactive';
  return isEnoughReady ? 'active' : 'activating';
}
