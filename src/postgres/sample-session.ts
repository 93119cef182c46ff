import type { Client, QueryArrayResult } from 'pg';
import { within } from '../base/deadline.ts';
import { connect } from './connect.ts';
import { disconnect } from './disconnect.ts';
import type { Login } from './postgres-server.ts';
import {
  findOwnDatabase,
  formatSample,
  parseSample,
  prepareSample,
  readClock,
  type SampleRow,
  type ServerSample,
} from './sample-query.ts';
import { sqlstateOf } from './sqlstate.ts';

const connectTimeoutMs = 5000;
/** A sample that takes longer is no sample: the session counts as lost. */
const sampleTimeoutMs = 5000;

type Answer = QueryArrayResult<(string | null)[]>;
const late = Symbol('late');

/** A session that samples. Opened before load, and never again. */
export interface SampleSession {
  isAlive(): boolean;
  /** Rejects when the session is lost, and then always. */
  read(): Promise<ServerSample>;
  readServerUs(): Promise<number>;
  close(): Promise<void>;
}

/** Opens a session and prepares the sample in it. */
export async function openSampleSession(login: Login): Promise<SampleSession> {
  const client = await connectObserver(login);
  let lost: string | null = null;
  client.on('error', (error: Error) => (lost ??= error.message));
  client.on('end', () => (lost ??= 'the connection was closed'));

  const query = async (text: string): Promise<readonly SampleRow[]> => {
    if (lost !== null) throw new Error(lost);
    const answer = client.query<(string | null)[]>({ text, rowMode: 'array' });
    answer.catch(() => undefined);
    const result = await within<Answer, typeof late>(answer, sampleTimeoutMs, late);
    if (result !== late) return result.rows;
    lost = `no answer within ${sampleTimeoutMs} ms`;
    throw new Error(lost);
  };

  await query(prepareSample);
  const sample = formatSample(Number((await query(findOwnDatabase))[0]?.[0]));
  return {
    isAlive: () => lost === null,
    read: async () => parseSample(await query(sample)),
    readServerUs: async () => Number((await query(readClock))[0]?.[0]),
    close: () => disconnect(client),
  };
}

/**
 * As a WAL sender where the role may: it takes no slot from those that are being counted, so that the service
 * finds as many as without the harness. Otherwise as an ordinary session.
 */
async function connectObserver(login: Login): Promise<Client> {
  try {
    return await connect(login, { timeoutMs: connectTimeoutMs, asWalSender: true });
  } catch (error) {
    if (sqlstateOf(error) === null) throw error;
    return await connect(login, { timeoutMs: connectTimeoutMs });
  }
}
