import type { RunClock } from '../base/clock.ts';
import type { LoadProgress, RunningLoad } from '../load/load.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { RunStatus, StatusBoard } from '../run/status.ts';

/** A run at one moment. */
export interface RunProgress {
  /** As it is followed: with the measured capacity, once there is one. */
  readonly plan: RunPlan;
  readonly status: RunStatus;
  /** Null before there is load. */
  readonly load: LoadProgress | null;
  /** Seconds since the first phase began; negative before it. */
  readonly elapsedS: number;
  readonly totalS: number;
  /** The phase that runs now; null before the first one and after the last. */
  readonly phase: RunPlan['phases'][number] | null;
}

/** Who wants to be told, and how often. */
export interface ProgressOptions {
  readonly onProgress?: (progress: RunProgress) => void;
  /** Milliseconds between two calls; 250 unless given. */
  readonly progressEveryMs?: number;
}

/** Tells of a run for as long as it is on. */
export interface ProgressFeed {
  /** Load is on its way. */
  load(load: RunningLoad, loadStartUs: number, plan: RunPlan): void;
  /** Tells once more, and then never again. */
  stop(): void;
}

const usualEveryMs = 250;

/** Tells at once, and from then on regularly. */
export function startProgress(
  { onProgress, progressEveryMs = usualEveryMs }: ProgressOptions,
  planned: RunPlan,
  board: StatusBoard,
  clock: RunClock,
): ProgressFeed {
  if (onProgress === undefined) return { load: () => undefined, stop: () => undefined };
  let running: RunningLoad | null = null;
  let startUs = 0;
  let plan = planned;
  const tell = (): void =>
    onProgress(progressOf(plan, board.status(), running?.progress() ?? null, clock.nowUs() - startUs));
  const timer = setInterval(tell, progressEveryMs);
  timer.unref();
  tell();
  return {
    load: (load, loadStartUs, followed) => {
      running = load;
      startUs = loadStartUs;
      plan = followed;
    },
    stop: () => {
      clearInterval(timer);
      tell();
    },
  };
}

function progressOf(
  plan: RunPlan,
  status: RunStatus,
  load: LoadProgress | null,
  sinceLoadUs: number,
): RunProgress {
  const isStarted = load !== null && sinceLoadUs >= 0;
  return {
    plan,
    status,
    load,
    elapsedS: sinceLoadUs / 1e6,
    totalS: (plan.phases.at(-1)?.endUs ?? 0) / 1e6,
    phase: isStarted ? (plan.phases.find((one) => sinceLoadUs < one.endUs) ?? null) : null,
  };
}
