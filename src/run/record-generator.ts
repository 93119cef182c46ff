import type { LoadOutcome } from '../load/load.ts';
import type { Recorder } from './recorder.ts';

/** Records what the lanes report about themselves; lanes that had to be killed report nothing. */
export function recordGenerator(recorder: Recorder, nowUs: number, outcome: LoadOutcome | null): void {
  for (const lane of outcome?.lanes ?? []) recorder.event({ ...lane, t_us: nowUs, kind: 'generator' });
}
