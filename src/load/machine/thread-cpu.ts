import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/**
 * CPU time of the calling thread so far, microseconds. Linux tells it per thread; elsewhere the time that the
 * thread's loop was busy stands for it, which is never less than the CPU time it took.
 */
export function threadCpuUs(): number {
  try {
    const [onCpuNs = ''] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
    return Math.round(Number(onCpuNs) / 1000);
  } catch {
    return Math.round(performance.eventLoopUtilization().active * 1000);
  }
}
