import type { LoadOutcome } from '../load/load.ts';
import type { StallEvent } from '../evidence/event.ts';
import type { Stall } from '../base/stall-watch.ts';
import type { Recorder } from './recorder.ts';

/** Records what the lanes report about themselves; lanes that had to be killed report nothing. */
export function recordGenerator(recorder: Recorder, nowUs: number, outcome: LoadOutcome | null): void {
  for (const lane of outcome?.lanes ?? []) recorder.event({ ...lane, t_us: nowUs, kind: 'generator' });
}

/** Records the times in which a part of poolproof could not run. */
export function stallsInto(recorder: Pick<Recorder, 'event'>, of: StallEvent['of']): (stall: Stall) => void {
  return ({ fromUs, toUs }) => recorder.event({ t_us: toUs, kind: 'stall', of, from_us: fromUs });
}
