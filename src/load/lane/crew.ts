import { EnvironmentError } from '../../base/errors.ts';
import type { Thread } from './thread.ts';

/** The threads of one generator, watched together. */
export interface Crew {
  /** The value of the work; rejects with `EnvironmentError` when a thread fails or the limit passes first. */
  guard<T>(work: Promise<T>): Promise<T>;
  /** What is under way must be over in this time; replaces the limit before. A stuck thread can't say so itself. */
  limit(ms: number): void;
  /** Ends every thread, whatever it is doing. */
  end(): Promise<void>;
}

/** Puts threads under one watch, without a limit yet. */
export function makeCrew(threads: readonly Thread[]): Crew {
  let timer: NodeJS.Timeout | undefined;
  let expire: () => void = () => undefined;
  const stuck = new Promise<never>((_, reject) => {
    const problem = { message: 'the load generator is stuck: a thread did not come to its end in time' };
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
