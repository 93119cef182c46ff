import type { QueryArrayResult } from 'pg';
import { openObserver } from './connect.ts';
import { disconnect } from './disconnect.ts';
import type { Login } from './postgres-server.ts';
import {
  findFeatures,
  formatSample,
  parseFeatures,
  parseSample,
  prepareSample,
  readClock,
  readCounterAnew,
  type SampleRow,
  type ServerSample,
} from './sample-query.ts';

const connectTimeoutMs = 5000;
/** A sample that takes longer is no sample: the session counts as lost. */
const sampleTimeoutMs = 5000;

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

/** Opens a session and prepares the sample in it. */
export async function openSampleSession(login: Login): Promise<SampleSession> {
  const client = await openObserver(login, connectTimeoutMs);
  let lost: string | null = null;
  client.on('error', (error: Error) => (lost ??= error.message));
  client.on('end', () => (lost ??= 'the connection was closed'));

  const query = (text: string): Promise<readonly SampleRow[]> => {
    if (lost !== null) return Promise.reject(new Error(lost));
    return new Promise((resolve, reject) => {
      // A plain timer: a promise raced with another would cost as much as the reading of the answer.
      const timer = setTimeout(() => {
        lost = `no answer within ${sampleTimeoutMs} ms`;
        reject(new Error(lost));
      }, sampleTimeoutMs);
      client.query<(string | null)[]>(
        { text, rowMode: 'array' },
        (error: Error | null, result: QueryArrayResult<(string | null)[]>) => {
          clearTimeout(timer);
          if (error === null) resolve(result.rows);
          else reject(error);
        },
      );
    });
  };

  const features = parseFeatures((await query(findFeatures))[0] ?? []);
  if (features.countsLogins) await query(readCounterAnew);
  await query(prepareSample(features));
  const sample = formatSample(features);
  return {
    pid: features.pid,
    isAlive: () => lost === null,
    read: async () => parseSample(await query(sample), features),
    readServerUs: async () => Number((await query(readClock))[0]?.[0]),
    close: () => disconnect(client),
  };
}
