import { formatMs, trim } from '../../base/units.ts';
import { ownApplicationName } from '../../contract/session-owner.ts';
import type { LockEvent } from '../../evidence/event.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { ownSamples } from '../facts/sessions/own-samples.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * More than half of the claim waits for locks, and behind them all is one session that waits for nothing: its
 * transaction, not the number of sessions, holds up the pool.
 */

const minSamples = 3;

export const lockConvoy = {
  id: 'D20',
  title: 'one lock blocks most of the sessions',
  question: 'held',
  diagnose: ({ run, service }) => {
    const { claim, acquireMs } = service.thresholds;
    const waiting = ownSamples(run, service).filter(({ locked }) => locked > claim / 2);
    if (waiting.length < minSamples) return null;
    const most = waiting.reduce((peak, { locked }) => Math.max(peak, locked), 0);
    const root = rootOf(run);
    return {
      confidence: root !== null && root.share >= 0.8 ? 'high' : 'medium',
      lever: leverOf(root, acquireMs),
      evidence: [
        `up to ${most} of ${claim} sessions waited for a lock at once, more than half of the claim in ${waiting.length} samples`,
        ...(root === null
          ? []
          : [
              `${trim(100 * root.share, 0)} % of the waits looked up end at ${root.who}, pid ${root.pid}, ${root.state}${root.xactMs === null ? '' : `, in a transaction of up to ${formatMs(root.xactMs)}`}`,
            ]),
      ],
      confirm: 'pg_blocking_pids of the waiting sessions, followed to its end, names the same transaction',
      whatIf: [whatIf(run, service, `${most} sessions no longer pinned by a lock (the same claim)`, {})],
    };
  },
} as const satisfies Diagnosis;

/** A lock that the scenario took stands in for a migration: it does not exist in production, but one like it will. */
function leverOf(root: Root | null, acquireMs: number): string {
  const timeoutMs = formatMs(acquireMs);
  if (root?.isOurs === true)
    return `a lock_timeout below ${timeoutMs} in the service: the lock is the one that this scenario takes (db.lock), as a migration would`;
  return `the transaction of ${root === null ? 'whoever holds the lock' : root.who}: shorter, and with a lock_timeout below ${timeoutMs}`;
}

interface Root {
  readonly pid: number;
  readonly who: string;
  /** Whether it is the harness's own session. */
  readonly isOurs: boolean;
  readonly state: string;
  readonly xactMs: number | null;
  /** Share of the waits that end at it. */
  readonly share: number;
}

/** The session that most waits end at; null where it was not looked up, or the holder had gone. */
function rootOf({ evidence }: RunFacts): Root | null {
  const waits = evidence.events.flatMap((event) => (event.kind === 'lock' ? event.waits : []));
  const byPid = new Map<number, typeof waits>();
  for (const wait of waits) {
    if (wait.blocker_pid === null) continue;
    byPid.set(wait.blocker_pid, [...(byPid.get(wait.blocker_pid) ?? []), wait]);
  }
  const [most] = [...byPid].sort(([, a], [, b]) => b.length - a.length);
  const last = most?.[1].at(-1);
  if (most === undefined || last === undefined) return null;
  const [pid, own] = most;
  const ages = own.flatMap(({ blocker_xact_ms: ms }) => ms ?? []);
  const isOurs = last.blocker_application_name === ownApplicationName;
  return {
    pid,
    isOurs,
    who: isOurs ? 'the lock of this scenario (db.lock)' : nameOf(last),
    state: last.blocker_state ?? 'in an unknown state',
    xactMs: ages.length === 0 ? null : Math.max(...ages),
    share: own.length / waits.length,
  };
}

function nameOf(wait: LockEvent['waits'][number]): string {
  return wait.blocker_role ?? wait.blocker_application_name ?? 'a session without a name';
}
