import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { LaneReport } from '../load.ts';
import { threadCpuUs } from '../machine/thread-cpu.ts';

/** Counts what a lane does and measures how punctual it is. */
export interface LaneMeter {
  /** Records a request that went to its socket this long after its intended time. */
  sent(lagUs: number): void;
  /** The same for a retry, which a system timer sends: up to a millisecond late. */
  retried(lagUs: number): void;
  dropped(): void;
  unfinished(): void;
  /** A header of an answer told a number that makes no sense. */
  readonly nonsense: () => void;
  /** Forgets the loop delays and the CPU time of warming up. */
  reset(): void;
  report(lane: number): LaneReport;
}

/**
 * Node measures the event loop with a timer and records the time between two firings, so the timer's own period is
 * subtracted from every value. A delay may begin anywhere in that period: the result understates it by up to 2 ms,
 * which is small against the 20 ms that would make a run invalid, and costs under 1 % of a core.
 */
const loopPeriodMs = 2;

const lagRange = { lowest: 1, highest: 3_600_000_000, figures: 3 };

/** Starts measuring now. */
export function startLaneMeter(): LaneMeter {
  const lag = createHistogram(lagRange);
  const retryLag = createHistogram(lagRange);
  const loop = monitorEventLoopDelay({ resolution: loopPeriodMs });
  let startCpuUs = threadCpuUs();
  const counts = { sent: 0, retries: 0, dropped: 0, unfinished: 0 };
  const lateUs = (ns: number): number => Math.max(0, Math.round(ns / 1000 - loopPeriodMs * 1000));
  let nonsense = 0;
  loop.enable();
  return {
    sent: (lagUs) => {
      counts.sent += 1;
      lag.record(Math.max(1, lagUs));
    },
    retried: (lagUs) => {
      counts.retries += 1;
      retryLag.record(Math.max(1, lagUs));
    },
    dropped: () => void (counts.dropped += 1),
    unfinished: () => void (counts.unfinished += 1),
    nonsense: () => void (nonsense += 1),
    reset: () => {
      loop.reset();
      startCpuUs = threadCpuUs();
    },
    report: (lane) => {
      loop.disable();
      return {
        lane,
        ...counts,
        ...(nonsense === 0 ? {} : { nonsense }),
        lag_p50_us: lag.percentile(50),
        lag_p99_us: lag.percentile(99),
        lag_max_us: lag.max,
        retry_lag_p99_us: retryLag.percentile(99),
        loop_delay_p99_us: lateUs(loop.percentile(99)),
        loop_delay_max_us: lateUs(loop.max),
        cpu_us: threadCpuUs() - startCpuUs,
      };
    },
  };
}
