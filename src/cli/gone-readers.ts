import { asKnownError } from '../base/system-error.ts';
import type { Ending } from './ending.ts';

/** The reader of a pipe has gone, or the terminal was closed. */
const gone: readonly unknown[] = ['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED'];

/**
 * A reader that goes away, as in `poolproof judge RUN | head -1`, changes neither the work nor the exit code: what
 * is still to be said is said to nobody. What can't be written for another reason, such as a full disk, is a failure.
 */
export function ignoreGoneReaders(ending: Pick<Ending, 'fail' | 'defect'>): void {
  for (const stream of [process.stdout, process.stderr]) {
    let hasFailed = false;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (hasFailed || gone.includes(error.code)) return;
      hasFailed = true;
      if (asKnownError(error) === null) ending.defect(error);
      else ending.fail(error);
    });
  }
}
