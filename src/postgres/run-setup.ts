import { EnvironmentError, messageOf } from '../base/errors.ts';
import { readText } from '../base/load-yaml.ts';
import { connect } from './connect.ts';
import { giveOwnEnd } from './own-end.ts';
import type { Login } from './postgres-server.ts';

const connectTimeoutMs = 10_000;

/**
 * Runs a file of SQL as the service's own role, before there is any service: its tables, its first rows.
 * Throws `EnvironmentError` with the server's message and the line it points at.
 */
export async function runSetup(login: Login, file: string): Promise<void> {
  const text = await readText(file);
  if (!text.ok) throw new EnvironmentError([{ message: text.why }]);
  const sql = text.value;
  const client = await connect(login, { timeoutMs: connectTimeoutMs });
  try {
    await giveOwnEnd(client);
    await client.query(sql);
  } catch (error) {
    throw new EnvironmentError([{ message: messageOf(error), place: placeOf(error, sql, file) }], {
      cause: error,
    });
  } finally {
    await client.end();
  }
}

/** Where the server's error position (1-based, in characters) stands in the file; its start when there is none. */
function placeOf(error: unknown, sql: string, file: string): { file: string; line: number; column: number } {
  const position = Number((error as { position?: string }).position ?? 1);
  const before = sql.slice(0, position - 1).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
