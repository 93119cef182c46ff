import type { RunClock } from '../../base/clock.ts';
import type { Recorder } from '../recorder.ts';
import { makeAbortWatch, type AbortWatch, type WatchedPlan } from './abort-watch.ts';

/** Watches for what ends a run by the scenario's `abort:`. */
export interface LoadWatch extends Pick<AbortWatch, 'met' | 'attempts'> {
  /** Looks once a second from now on; what it sees counts from `loadStartUs`. */
  begin(loadStartUs: number): void;
  stop(): void;
}

const everyMs = 1000;

/** Follows the recorder from its beginning: sessions that are open before load count too. */
export function watchLoad(plan: WatchedPlan, recorder: Recorder, clock: RunClock): LoadWatch {
  const watch = makeAbortWatch(plan);
  const { met } = watch;
  if (plan.scenario.abort.length === 0) return { met, attempts: ignore, begin: ignore, stop: ignore };
  recorder.hear((event) => watch.event(event));
  recorder.hearSamples((tUs, rows) => watch.sample(tUs, rows));
  let timer: NodeJS.Timeout | undefined;
  return {
    met,
    attempts: (block) => watch.attempts(block),
    begin: (loadStartUs) => {
      timer = setInterval(() => {
        const sinceUs = clock.nowUs() - loadStartUs;
        if (sinceUs < 0) watch.begin();
        else watch.look(sinceUs);
      }, everyMs);
    },
    stop: () => clearInterval(timer),
  };
}

function ignore(): void {
  // Nothing is watched.
}
