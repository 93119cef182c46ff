import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/**
 * CPU time of the calling thread so far, microseconds. Linux reports it per thread. Elsewhere the time that the
 * thread's event loop was busy stands in for it, which is never less.
 */
export function threadCpuUs(): number {
  try {
    const [onCpuNs = ''] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
    return Math.round(Number(onCpuNs) / 1000);
  } catch {
    return Math.round(performance.eventLoopUtilization().active * 1000);
  }
}
