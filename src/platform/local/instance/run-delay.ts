import { readFileSync } from 'node:fs';
import type { RunClock } from '../../../base/clock.ts';
import type { Stall } from '../../../base/stall-watch.ts';

const everyMs = 100;

/** A process that waited for a processor for this share of a time got little of its work done in it. */
const starvedShare = 0.5;

/**
 * Watches how long a process was ready to run and got no processor, because others had them all. On Cloud Run an
 * instance has its own; here whatever the service does meanwhile seems to take longer by as much. `onStarved` hears of
 * each tenth of a second or so that the process mostly spent waiting. Its first thread counts; elsewhere than on Linux
 * nothing tells. Returns how to end the watch.
 */
export function watchRunDelay(pid: number, clock: RunClock, onStarved: (stall: Stall) => void): () => void {
  let last = { tUs: clock.nowUs(), delayUs: readDelayUs(pid) };
  if (last.delayUs === null) return () => undefined;
  const timer = setInterval(() => {
    const now = { tUs: clock.nowUs(), delayUs: readDelayUs(pid) };
    if (isStarved(last, now)) onStarved({ fromUs: last.tUs, toUs: now.tUs });
    last = now;
  }, everyMs).unref();
  return () => clearInterval(timer);
}

/** When it was looked, and how long the process had waited until then. */
interface Look {
  readonly tUs: number;
  readonly delayUs: number | null;
}

/** Whether the process waited for most of the time between two looks. */
export function isStarved(last: Look, now: Look): boolean {
  if (last.delayUs === null || now.delayUs === null) return false;
  return now.delayUs - last.delayUs >= starvedShare * (now.tUs - last.tUs);
}

/** The second number of proc(5) schedstat; null where there is none. */
function readDelayUs(pid: number): number | null {
  try {
    const [, waitedNs = ''] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(waitedNs) / 1000;
  } catch {
    return null;
  }
}
