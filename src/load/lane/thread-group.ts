import { EnvironmentError } from '../../base/errors.ts';
import type { Thread } from './thread.ts';

/** The threads of one generator, watched together. */
export interface ThreadGroup {
  /** The value of the work; rejects with `KnownError` when a thread fails or the time limit passes first. */
  guard<T>(work: Promise<T>): Promise<T>;
  /** Sets how long the current work may take; replaces the limit before. A stuck thread can't report itself. */
  limit(ms: number): void;
  /** Terminates every thread, whatever it is doing. */
  end(): Promise<void>;
}

/** Watches threads together, without a time limit at first. */
export function makeThreadGroup(threads: readonly Thread[]): ThreadGroup {
  let timer: NodeJS.Timeout | undefined;
  let expire: () => void = () => undefined;
  const stuck = new Promise<never>((_, reject) => {
    const problem = { message: 'the load generator is stuck: a thread did not finish in time' };
    expire = () => reject(new EnvironmentError([problem]));
  });
  stuck.catch(() => undefined);
  return {
    guard: (work) => Promise.race([work, stuck, ...threads.map(({ failed }) => failed)]),
    limit: (ms) => {
      clearTimeout(timer);
      timer = setTimeout(expire, Math.min(ms, 2 ** 31 - 1));
    },
    end: async () => {
      clearTimeout(timer);
      await Promise.all(threads.map((thread) => thread.end()));
    },
  };
}
