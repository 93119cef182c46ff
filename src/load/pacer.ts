import type { RunClock } from '../base/clock.ts';
import { dueOfLane } from './lanes.ts';
import { cell, type Shared } from './shared.ts';

/**
 * Publishes, at every arrival's intended time, how many arrivals are due, and wakes the lanes whose they are.
 * It blocks its thread, sleeping on a futex: timers of an event loop know whole milliseconds only. Returns
 * after the last arrival, or when load is to stop.
 */
export function pace(shared: Shared, lanes: number, loadStartUs: number, clock: RunClock): void {
  const { count, intendedUs, cells } = shared;
  let due = 0;
  while (due < count && Atomics.load(cells, cell.stop) === 0) {
    const nowUs = clock.nowUs() - loadStartUs;
    const published = due;
    while (due < count && (intendedUs[due] ?? Infinity) <= nowUs) due += 1;
    if (due > published) publish(cells, due, lanes);
    else Atomics.wait(cells, cell.stop, 0, ((intendedUs[due] ?? 0) - nowUs) / 1000);
  }
}

function publish(cells: Int32Array, due: number, lanes: number): void {
  for (let lane = 0; lane < lanes; lane += 1) {
    const mine = dueOfLane(due, lane, lanes);
    if (Atomics.exchange(cells, cell.due + lane, mine) !== mine) Atomics.notify(cells, cell.due + lane);
  }
}
