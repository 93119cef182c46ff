import type { RunProgress } from '../../verbs/progress.ts';

/** One way to show a run: called often, with how it is now. */
export interface Painter {
  readonly everyMs: number;
  readonly paint: (progress: RunProgress) => void;
  close(): void;
}

/** What the run is doing, in a word or two: the phase while load is sent, the stage otherwise. */
export function stageOf({ status, elapsedS, phase }: RunProgress): string {
  if (status.stage !== 'load') return status.stage;
  if (elapsedS < 0) return 'about to begin';
  return phase?.name ?? 'waiting for the last answers';
}
