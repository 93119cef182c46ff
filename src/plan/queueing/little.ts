/** L = lambda x S: the mean number of busy sessions when each request holds one for `holdSec`. */
export function busySessions(ratePerSec: number, holdSec: number): number {
  return ratePerSec * holdSec;
}

/** ceil(lambda x S / u): the sessions that a fleet needs to keep its utilisation at or under u. */
export function poolNeeded(ratePerSec: number, holdSec: number, utilisation: number): number {
  // 6 / 0.6 is 10.000000000000002: rounding noise must not cost a session.
  return Math.ceil(Number((busySessions(ratePerSec, holdSec) / utilisation).toPrecision(12)));
}

/**
 * floor(P u / h): the requests that an instance may take at once, if each holds a session for the share h of its time and
 * the utilisation of the P sessions is to stay at or under u.
 */
export function concurrencyFor(sessions: number, utilisation: number, holdShare: number): number {
  return Math.floor(Number(((sessions * utilisation) / holdShare).toPrecision(12)));
}

/** c / S: the requests per second that c sessions can serve. */
export function capacityPerSec(sessions: number, holdSec: number): number {
  return sessions / holdSec;
}
