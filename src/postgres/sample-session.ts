import type { SessionPlace } from '../contract/session-owner.ts';
import { askForRows } from './ask-for-rows.ts';
import { openObserver } from './connect.ts';
import { disconnect } from './disconnect.ts';
import { renewSession } from './own-end.ts';
import type { Login } from './postgres-server.ts';
import { findFeatures, parseFeatures, settingsOf, type SampleRow } from './sample-features.ts';
import { prepareSample, readClock, takeSample } from './sample-query.ts';
import { parseSample, type ServerSample } from './server-sample.ts';

const connectTimeoutMs = 5000;
/** A sample that takes longer is no sample: the session counts as lost. */
const sampleTimeoutMs = 5000;
const looksInTime = 10;

/** A session that samples. Opened before load, and never again. */
export interface SampleSession {
  /** Of its backend. */
  readonly pid: number;
  isAlive(): boolean;
  /** Rejects when the session is lost, and then always. */
  read(): Promise<ServerSample>;
  readServerUs(): Promise<number>;
  close(): Promise<void>;
}

/** Opens a session and prepares the sample in it, which tells sessions apart by these places too. */
export async function openSampleSession(
  login: Login,
  asked: readonly SessionPlace[] = [],
): Promise<SampleSession> {
  const client = await openObserver(login, connectTimeoutMs);
  // One of the two is a spare that asks nothing.
  renewSession(client);
  let lost: string | null = null;
  client.on('error', (error: Error) => (lost ??= error.message));
  client.on('end', () => (lost ??= 'the connection was closed'));

  const watchdog = watchAnswers(() => (lost = `no answer within ${sampleTimeoutMs} ms`));
  const query = (text: string): Promise<readonly SampleRow[]> => {
    if (lost !== null) return Promise.reject(new Error(lost));
    return new Promise((resolve, reject) => {
      watchdog.asked(reject);
      askForRows(client, text, (error, rows) => {
        watchdog.answered();
        if (error === null) resolve(rows);
        else reject(error);
      });
    });
  };

  const features = parseFeatures((await query(findFeatures))[0] ?? []);
  for (const setting of settingsOf(features)) await query(setting);
  await query(prepareSample(features, asked));
  return {
    pid: features.pid,
    isAlive: () => lost === null,
    read: async () => parseSample(await query(takeSample), features, asked),
    readServerUs: async () => Number((await query(readClock))[0]?.[0]),
    close: () => {
      watchdog.stop();
      return disconnect(client);
    },
  };
}

/** Ends the wait for an answer that does not come. */
interface Watchdog {
  asked(giveUp: (error: Error) => void): void;
  answered(): void;
  stop(): void;
}

/** One timer for all questions, which looks now and then: one for each would cost as much as reading the answer. */
function watchAnswers(onLate: () => string): Watchdog {
  let waiting: ((error: Error) => void) | null = null;
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    if (waiting === null || looks <= looksInTime) return;
    waiting(new Error(onLate()));
    waiting = null;
  }, sampleTimeoutMs / looksInTime);
  timer.unref();
  return {
    asked: (giveUp) => {
      waiting = giveUp;
      looks = 0;
    },
    answered: () => (waiting = null),
    stop: () => {
      clearInterval(timer);
    },
  };
}
