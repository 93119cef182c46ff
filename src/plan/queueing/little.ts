/** L = lambda x S: the sessions that are busy on average when requests hold one for `holdSec`. */
export function busySessions(ratePerSec: number, holdSec: number): number {
  return ratePerSec * holdSec;
}

/** ceil(lambda x S / u): the sessions a fleet needs so that they are busy at most the share u of the time. */
export function poolNeeded(ratePerSec: number, holdSec: number, utilisation: number): number {
  // 8 / 0.8 is 10 and 6 / 0.6 is 10.000000000000002: rounding noise must not cost a session.
  return Math.ceil(Number((busySessions(ratePerSec, holdSec) / utilisation).toPrecision(12)));
}

/**
 * floor(P u / h): the requests an instance may take at once when each holds a session for the share h of its time and
 * the P sessions shall be busy at most the share u of theirs.
 */
export function concurrencyFor(sessions: number, utilisation: number, holdShare: number): number {
  return Math.floor(Number(((sessions * utilisation) / holdShare).toPrecision(12)));
}

/** c / S: the requests per second that so many sessions can serve. */
export function capacityPerSec(sessions: number, holdSec: number): number {
  return sessions / holdSec;
}
