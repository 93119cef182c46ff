/** A Poisson process with two states: the rate in each, and the rate at which it leaves each, per second. */
export interface TwoStates {
  readonly highPerSec: number;
  readonly lowPerSec: number;
  readonly leaveHighPerSec: number;
  readonly leaveLowPerSec: number;
}

/** (l1 r2 + l2 r1) / (r1 + r2): the mean rate. */
export function mmppMeanRate({ highPerSec, lowPerSec, leaveHighPerSec, leaveLowPerSec }: TwoStates): number {
  return (highPerSec * leaveLowPerSec + lowPerSec * leaveHighPerSec) / (leaveHighPerSec + leaveLowPerSec);
}

/**
 * 1 + 2 (l1 - l2)^2 r1 r2 / ((r1 + r2)^2 (l1 r2 + l2 r1)): what variance over mean of the counts comes to in long
 * windows. 1 is Poisson.
 */
export function mmppDispersion(states: TwoStates): number {
  const { highPerSec, lowPerSec, leaveHighPerSec, leaveLowPerSec } = states;
  const leave = leaveHighPerSec + leaveLowPerSec;
  const apart = highPerSec - lowPerSec;
  return (
    1 +
    (2 * apart * apart * leaveHighPerSec * leaveLowPerSec) / (leave * leave * leave * mmppMeanRate(states))
  );
}
