import type { Client } from 'pg';
import { within } from '../../base/deadline.ts';
import { connect } from '../connect.ts';
import { disconnect } from '../disconnect.ts';

/** A row of a `SHOW`, every value the text that the pooler sent. */
export type ConsoleRow = Readonly<Record<string, string | null>>;

/** Where an admin console is, and who looks. */
export interface ConsoleLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A session with PgBouncer's admin console. */
export interface Console {
  /** Rejects when there is no answer in time, or the console is gone. */
  show(what: 'pools' | 'stats' | 'config' | 'clients' | 'servers'): Promise<readonly ConsoleRow[]>;
  close(): Promise<void>;
}

/** Longer than a look may take; a frozen pooler never answers. */
const answerMs = 2000;

/** The console is a database of that name. It knows the simple protocol only: nothing here may have parameters. */
export async function openConsole(login: ConsoleLogin): Promise<Console> {
  const client: Client = await connect({ ...login, database: 'pgbouncer' }, { timeoutMs: answerMs });
  return {
    show: async (what) => {
      const late = new Error(`no answer within ${answerMs} ms`);
      const query = client.query<Record<string, string | null>>(`show ${what}`);
      query.catch(() => undefined);
      const answer = await within(query, answerMs, late);
      if (answer === late) throw late;
      return (answer as Awaited<typeof query>).rows;
    },
    close: () => disconnect(client),
  };
}
