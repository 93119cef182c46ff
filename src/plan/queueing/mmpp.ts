/** A two-state Markov-modulated Poisson process: the rate in each state, and the rate of leaving it, per second. */
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
 * 1 + 2 (l1 - l2)^2 r1 r2 / ((r1 + r2)^2 (l1 r2 + l2 r1)): the index of dispersion of the counts in
 * long windows. A Poisson process has 1.
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
