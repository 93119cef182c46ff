import type { Evidence } from '../../../evidence/evidence.ts';

/** A time in which the database was taken away on purpose. */
export interface Outage {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Faults that end the server and start it again. */
const restarts = new Set(['db.restart', 'db.max_connections']);

/**
 * The declared outages that were confirmed, each with its grace: from the beginning of the fault until the server was
 * seen running again, and T_acq more for connections under way just then. An unconfirmed fault excuses nothing. Undoing a
 * change of max_connections takes the server away once more, from the end of its time until that was done.
 */
export function outagesIn(
  { events, run }: Pick<Evidence, 'events' | 'run'>,
  graceUs: number,
): readonly Outage[] {
  const faults = events.filter((event) => event.kind === 'fault' && restarts.has(event.fault));
  const timeOf = (id: string, state: string): number | undefined =>
    faults.find((event) => event.kind === 'fault' && event.id === id && event.state === state)?.t_us;
  return (run.chaos ?? []).flatMap(({ id, at_us, for_us }) => {
    const [startUs, seenUs, undoneUs] = [
      timeOf(id, 'started'),
      timeOf(id, 'confirmed'),
      timeOf(id, 'undone'),
    ];
    if (startUs === undefined || seenUs === undefined) return [];
    const first = { fromUs: startUs, toUs: seenUs + graceUs };
    if (undoneUs === undefined || for_us === null || run.load_start_us === null) return [first];
    return [first, { fromUs: run.load_start_us + at_us + for_us, toUs: undoneUs + graceUs }];
  });
}

/**
 * The declared outages, and the time from the last good sample on where the harness lost the server. That is no doing of
 * those who are judged; the run itself has failed, and says so.
 */
export function timesAwayIn(evidence: Pick<Evidence, 'events' | 'run'>, graceUs: number): readonly Outage[] {
  const { events, run } = evidence;
  if (run.ended.how !== 'failed') return outagesIn(evidence, graceUs);
  const lastGood = events.findLast((event) => event.kind === 'sample' && event.ok);
  return [...outagesIn(evidence, graceUs), { fromUs: lastGood?.t_us ?? 0, toUs: Infinity }];
}
