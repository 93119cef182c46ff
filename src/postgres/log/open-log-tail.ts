import { openFileTail } from '../file-tail.ts';
import type { LogSource } from '../postgres-server.ts';
import type { LogTail } from '../file-tail.ts';
import { openSqlTail } from './sql-tail.ts';
import { openStreamTail } from './stream-tail.ts';

/** Opens whatever the source is. */
export async function openLogTail(source: LogSource): Promise<LogTail> {
  if (source.kind === 'export') throw new TypeError('an export does not grow by itself');
  if (source.kind === 'file') return openFileTail(source.path);
  return source.kind === 'sql' ? openSqlTail(source.login, source.form) : openStreamTail(await source.open());
}

/** The pause between two looks: reading through SQL costs the server something. */
export function pollMsOf({ kind }: LogSource): number {
  return kind === 'sql' ? 500 : 100;
}
