import type { Attempt } from './attempt.ts';
import type { BackendRow } from './dataset/backend-row.ts';
import type { RunEvent } from './event.ts';
import type { Loss } from './evidence.ts';
import { lossOfPiece } from './manifest/lost-words.ts';
import type { RunRecord } from './run-record.ts';

/** What was observed, without what has a time that is not of the run. */
export interface InsideRun {
  readonly attempts: Attempt[];
  readonly backends: BackendRow[];
  readonly events: RunEvent[];
  readonly gaps: readonly string[];
  readonly losses: readonly Loss[];
}

/** A run begins before its load and ends after it: servers are started, answers waited for, exports read. */
const aroundUs = 6 * 3_600_000_000;

/** Leaves out observations hours before or after the run: nothing of the run was seen then. */
export function insideRun(
  run: RunRecord,
  all: Pick<InsideRun, 'attempts' | 'backends' | 'events'>,
): InsideRun {
  const toUs = endOf(run) + aroundUs;
  const isInside = (us: number | null): boolean => us === null || (us >= -aroundUs && us <= toUs);
  const attempts = all.attempts.filter(
    ({ intendedUs, sentUs, endedUs }) => isInside(intendedUs) && isInside(sentUs) && isInside(endedUs),
  );
  const backends = all.backends.filter(({ tUs }) => isInside(tUs));
  const events = all.events.filter((event) => isInside(event.t_us) && isInside(fromOf(event)));
  const counted: readonly { readonly of: Loss['of']; readonly count: number }[] = [
    { of: 'attempts', count: all.attempts.length - attempts.length },
    { of: 'backends', count: all.backends.length - backends.length },
    { of: 'events', count: all.events.length - events.length },
  ];
  const outside = counted.filter(({ count }) => count > 0);
  return {
    attempts,
    backends,
    events,
    gaps: outside.map(({ of, count }) => `${count} of the ${of} have times that are not of this run`),
    losses: outside.map(({ of }) => lossOfPiece(of, undefined)),
  };
}

function endOf({ phases, load_start_us, ended }: RunRecord): number {
  const loadUs = phases.reduce((latest, { endUs }) => Math.max(latest, endUs), 0);
  return Math.max((load_start_us ?? 0) + loadUs, ended.at_us ?? 0);
}

function fromOf(event: RunEvent): number | null {
  return 'from_us' in event ? event.from_us : null;
}
