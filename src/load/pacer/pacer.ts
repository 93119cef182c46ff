import type { RunClock } from '../../base/clock.ts';
import { ownerOf, type Sharing } from '../lane/lanes.ts';
import { sleepUs } from './pacing.ts';
import { cell, type Shared } from '../lane/shared.ts';

/**
 * Publishes at each intended time how many arrivals are due, and wakes the lanes that send them. Blocks its thread,
 * sleeping on a futex, because event loop timers have a resolution of a millisecond. Returns after the last arrival,
 * or when load is to stop.
 */
export function pace(shared: Shared, sharing: Sharing, loadStartUs: number, clock: RunClock): void {
  const { count, intendedUs, cells } = shared;
  let due = 0;
  let lastUs = -Infinity;
  while (due < count && Atomics.load(cells, cell.stop) === 0) {
    const nowUs = clock.nowUs() - loadStartUs;
    const aheadUs = Atomics.load(cells, cell.aheadUs);
    const waitUs = sleepUs({ nowUs, nextUs: intendedUs[due] ?? Infinity, lastUs, aheadUs });
    if (waitUs > 0) {
      Atomics.wait(cells, cell.stop, 0, waitUs / 1000);
      continue;
    }
    const from = due;
    while (due < count && (intendedUs[due] ?? Infinity) <= nowUs + aheadUs) due += 1;
    publish(shared, sharing, from, due);
    lastUs = nowUs;
  }
}

/** Wakes the lanes that have arrivals among those that are new, and all of them at the end, so that they can finish. */
function publish({ cells, count }: Shared, sharing: Sharing, from: number, due: number): void {
  for (let lane = 0; lane < sharing.lanes; lane += 1) {
    if (due < count && !hasOwn(sharing, lane, from, due)) continue;
    Atomics.store(cells, cell.due + lane, due);
    Atomics.notify(cells, cell.due + lane);
  }
}

function hasOwn(sharing: Sharing, lane: number, from: number, due: number): boolean {
  for (let arrival = from; arrival < due; arrival += 1) if (ownerOf(sharing, arrival) === lane) return true;
  return false;
}
