import { makeRunClock } from '../../base/clock.ts';
import { sleep } from '../../base/deadline.ts';
import { EnvironmentError, InterruptedError, messageOf } from '../../base/errors.ts';
import { connect } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import type { Login } from '../postgres-server.ts';

const pauseMs = 50;
const loginLimitMs = 2000;

/**
 * Waits until a login works. Nothing less will do: an image logs that it is ready while it is still making the
 * cluster, and Docker's own proxy takes connections before anybody listens behind it.
 */
export async function untilItAnswers(login: Login, signal: AbortSignal, limitMs: number): Promise<void> {
  const clock = makeRunClock();
  let why = 'it was never asked';
  while (clock.nowUs() < limitMs * 1000 && !signal.aborted) {
    try {
      await disconnect(await connect(login, { timeoutMs: loginLimitMs }));
      return;
    } catch (error) {
      why = messageOf(error);
    }
    await sleep(pauseMs, signal);
  }
  if (signal.aborted) throw new InterruptedError([{ message: 'stopped while Postgres was starting' }]);
  const message = `Postgres in its container takes no logins within ${limitMs / 1000} s: ${why}`;
  throw new EnvironmentError([{ message }]);
}
