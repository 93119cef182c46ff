import type { BackendRow } from '../dataset/backend-row.ts';
import type { Evidence } from '../evidence.ts';

/** One look at pg_stat_activity: what the server counted, and the rows it showed. */
export interface Sample {
  readonly tUs: number;
  readonly ok: boolean;
  readonly rttUs: number;
  /** The server's clock at the end of the sample; null where it failed. */
  readonly serverUs: number | null;
  /** How long the server took; null if that was not recorded. */
  readonly tookUs: number | null;
  /** The server's own counter of logins over the databases under test. */
  readonly sessions: number | null;
  /** The same counter, read again after the sessions were. */
  readonly sessionsAfter: number | null;
  /** How many of the backends were not in the good sample before; null if that was not recorded. */
  readonly fresh: number | null;
  /** How many of the backends may not be in the counter yet. */
  readonly young: number | null;
  /** The first sample after the server was stopped on purpose. */
  readonly isAnew: boolean;
  /** Client backends, without the harness's own and without those in state `starting`. */
  readonly backends: number | null;
  readonly starting: number | null;
  readonly rows: readonly BackendRow[];
}

/** The sampler's samples in time order, each with its rows. */
export function samplesOf(evidence: Pick<Evidence, 'events' | 'backends'>): readonly Sample[] {
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
      serverUs: head.server_us,
      tookUs: head.took_us ?? null,
      sessions: head.sessions,
      sessionsAfter: head.sessions_after ?? null,
      fresh: head.fresh ?? null,
      young: head.young ?? null,
      isAnew: head.anew === true,
      backends: head.backends,
      starting: head.starting,
      rows: rows.get(head.t_us) ?? [],
    }));
}
