import { sleep } from '../base/deadline.ts';
import { EnvironmentError, messageOf } from '../base/errors.ts';
import type { SessionPlace } from '../contract/session-owner.ts';
import type { Login } from './postgres-server.ts';
import { openSampleSession, type SampleSession } from './sample-session.ts';

/** How often and for how long it tries to get back in after a restart. */
const againEveryMs = 50;
const attemptsAgain = 100;

/** What it takes to open its sessions. */
interface Opening {
  readonly login: Login;
  readonly asked?: readonly SessionPlace[];
}

/** Clients that come back all at once may take every place for a moment. */
export async function openAgain(orders: Opening): Promise<readonly SampleSession[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openSessions(orders);
    } catch (error) {
      if (attempt >= attemptsAgain) throw error;
      await sleep(againEveryMs);
    }
  }
}

/** Both or none. */
export async function openSessions({ login, asked }: Opening): Promise<readonly SampleSession[]> {
  const opened = await Promise.allSettled([1, 2].map(() => openSampleSession(login, asked)));
  const sessions = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed === undefined) return sessions;
  await Promise.all(sessions.map((session) => session.close()));
  throw new EnvironmentError(
    [{ message: `the sampler can't reach Postgres as "${login.user}": ${messageOf(failed.reason)}` }],
    { cause: failed.reason },
  );
}

/** The spare takes over as soon as the first session is known to be lost. */
export function firstAlive(sessions: readonly SampleSession[]): SampleSession {
  const session = sessions.find((one) => one.isAlive()) ?? sessions.at(-1);
  if (session === undefined) throw new Error('a sampler needs a session');
  return session;
}
