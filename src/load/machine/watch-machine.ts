import type { RunClock } from '../../base/clock.ts';
import type { MachineEvent } from '../../evidence/event.ts';
import { readMachineTimes, type MachineTimes } from './machine-times.ts';

/** The kernel counts in ticks of 10 ms: over a second, 1 % of one processor. */
const everyMs = 1000;

/** A running watch of the machine. */
export interface MachineWatch {
  stop(): Promise<void>;
}

/** Reports once a second how busy this machine was, and how much CPU time was stolen from it. */
export function watchMachine(clock: RunClock, onEvent: (event: MachineEvent) => void): MachineWatch {
  let last = { atUs: clock.nowUs(), times: readMachineTimes() };
  const timer = setInterval(() => {
    const now = { atUs: clock.nowUs(), times: readMachineTimes() };
    const shares = sharesBetween(last.times, now.times);
    if (shares !== null)
      onEvent({ t_us: now.atUs, kind: 'machine', from_us: last.atUs, cpus: now.times.cpus, ...shares });
    last = now;
  }, everyMs).unref();
  return {
    stop: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}

/** The shares of CPU time between two readings; null where no time has passed. */
export function sharesBetween(
  from: MachineTimes,
  to: MachineTimes,
): { readonly busy: number; readonly steal: number | null } | null {
  const total = to.total - from.total;
  if (total <= 0) return null;
  const share = (ticks: number): number => Math.min(1, Math.max(0, ticks / total));
  const steal = from.steal === null || to.steal === null ? null : share(to.steal - from.steal);
  return { busy: share(to.busy - from.busy), steal };
}
