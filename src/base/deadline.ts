import { setTimeout as delay } from 'node:timers/promises';

/** Waits; resolves early when the signal fires. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(Math.max(0, ms), undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

/** The promise's value, or `late` when it takes longer than `ms`. The promise itself goes on. */
export async function within<T, L>(promise: Promise<T>, ms: number, late: L): Promise<T | L> {
  const timer = new AbortController();
  const timeout = delay(ms, late, { signal: timer.signal });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    timer.abort();
    timeout.catch(() => undefined);
  }
}
