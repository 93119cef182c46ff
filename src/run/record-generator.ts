import type { LoadOutcome } from '../load/load.ts';
import type { Recorder } from './recorder.ts';

/** What the lanes of a load say of themselves; nothing where they had to be ended. */
export function recordGenerator(recorder: Recorder, nowUs: number, outcome: LoadOutcome | null): void {
  for (const lane of outcome?.lanes ?? []) recorder.event({ ...lane, t_us: nowUs, kind: 'generator' });
}
