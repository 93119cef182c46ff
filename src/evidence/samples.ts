import type { BackendRow } from './backend-row.ts';
import type { Evidence } from './evidence.ts';

/** One look at pg_stat_activity: what the server counted, and the rows it showed. */
export interface Sample {
  readonly tUs: number;
  readonly ok: boolean;
  readonly rttUs: number;
  /** The server's own counter of logins over the databases under test. */
  readonly sessions: number | null;
  /** Client backends without the harness's own and without those in state `starting`. */
  readonly backends: number | null;
  readonly starting: number | null;
  readonly rows: readonly BackendRow[];
}

/** No more than `high` sessions were open at any moment of `fromUs..toUs`. */
export interface UpperBound {
  readonly fromUs: number;
  readonly toUs: number;
  readonly high: number;
}

/** The sampler's samples in time order, each with its rows. */
export function samplesOf(evidence: Evidence): readonly Sample[] {
  const rows = new Map<number, BackendRow[]>();
  for (const row of evidence.backends) {
    if (row.source !== 'sampler') continue;
    const known = rows.get(row.tUs);
    if (known === undefined) rows.set(row.tUs, [row]);
    else known.push(row);
  }
  return evidence.events
    .filter((event) => event.kind === 'sample')
    .map((head) => ({
      tUs: head.t_us,
      ok: head.ok,
      rttUs: head.rtt_us,
      sessions: head.sessions,
      backends: head.backends,
      starting: head.starting,
      rows: rows.get(head.t_us) ?? [],
    }));
}

/**
 * An upper bound for every interval between two valid samples that has a valid sample behind it.
 *
 * With n the sessions seen and s the server's counter of logins in samples i < j < k, whatever is open at some
 * moment from i to j was open at i or has logged in since, and what logged in before j is counted by k:
 *
 *     high(i, j) = n(i) - s(i) + max(s(k), s(j) + starting(j))
 *
 * Looking ahead to k is needed because a login is logged, then shown, then counted, some milliseconds apart; one
 * on this way at j is `starting`, or is in s(k). Against the server log, with bursts of 3 to 24 sessions of 5 to
 * 40 ms at 20 Hz, n(i) + s(j) - s(i) is too low in 2 to 5 % of intervals, reaching back to the sample before i
 * instead of ahead in 7 to 9 % of them on a busy machine, and this form in none of 1485.
 * There is no bound across a counter that went backwards: the server was restarted or its statistics reset.
 */
export function upperBounds(samples: readonly Sample[]): readonly UpperBound[] {
  const valid = samples.flatMap(({ tUs, ok, backends, sessions, starting }) =>
    ok && backends !== null && sessions !== null
      ? [{ tUs, backends, sessions, starting: starting ?? 0 }]
      : [],
  );
  return valid.flatMap((from, index) => {
    const to = valid[index + 1];
    const after = valid[index + 2];
    if (to === undefined || after === undefined) return [];
    if (to.sessions < from.sessions || after.sessions < to.sessions) return [];
    const loggedIn = Math.max(after.sessions, to.sessions + to.starting) - from.sessions;
    return [{ fromUs: from.tUs, toUs: to.tUs, high: from.backends + loggedIn }];
  });
}
