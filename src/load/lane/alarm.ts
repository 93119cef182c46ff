import type { RunClock } from '../../base/clock.ts';
import type { Agenda } from './timer-heap.ts';

/** Does what stands in an agenda when its time has come, with one timer of the system for all of it. */
export interface Alarm {
  /** Something was added: the timer is set sooner where that is sooner. */
  set(): void;
  stop(): void;
}

/** No timer of the system takes more. */
const longestMs = 2 ** 31 - 1;

/** An alarm for one agenda. Timers know whole milliseconds: what is due is done up to one late, never early. */
export function makeAlarm(agenda: Agenda, clock: RunClock): Alarm {
  let timer: NodeJS.Timeout | undefined;
  let wakesUs = Infinity;
  const set = (): void => {
    if (agenda.nextUs >= wakesUs) return;
    clearTimeout(timer);
    wakesUs = agenda.nextUs;
    const waitMs = Math.max(1, Math.ceil((wakesUs - clock.nowUs()) / 1000));
    timer = setTimeout(ring, Math.min(waitMs, longestMs));
  };
  const ring = (): void => {
    wakesUs = Infinity;
    agenda.actUntil(clock.nowUs());
    set();
  };
  return { set, stop: () => clearTimeout(timer) };
}
