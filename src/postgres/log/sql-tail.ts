import { TextDecoder } from 'node:util';
import type { Client } from 'pg';
import { within } from '../../base/deadline.ts';
import { openObserver } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import type { Login } from '../postgres-server.ts';
import type { LogTail } from '../file-tail.ts';

const connectTimeoutMs = 5000;
const answerTimeoutMs = 5000;
const pieceBytes = 1024 * 1024;
/** A log that grows faster than this is read later, not all at once. */
const piecesALook = 8;

/** Where in which file of the log we are. */
interface Position {
  readonly file: string;
  readonly offset: number;
}

/**
 * Reads the log through SQL, from its end on, over a session that is opened here and never again. When the server
 * begins another file, the old one is read to its end first.
 */
export async function openSqlTail(login: Login, form: string): Promise<LogTail> {
  const client = await openObserver(login, connectTimeoutMs);
  const decoder = new TextDecoder();
  const ask = askIn(client);
  let at = await endOfLog(ask, form);
  let rest = '';
  const readOn = async (): Promise<string[]> => {
    const lines: string[] = [];
    for (let pieces = 0; pieces < piecesALook; pieces += 1) {
      const current = await currentFile(ask, form);
      const piece = await readPiece(ask, at);
      at = { ...at, offset: at.offset + piece.length };
      const parts = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      if (piece.length === pieceBytes) continue;
      if (current === at.file) break;
      at = { file: current, offset: 0 };
    }
    return lines;
  };
  return {
    readLines: readOn,
    close: async () => {
      await disconnect(client);
      return rest;
    },
  };
}

type Ask = (text: string) => Promise<string | null>;

/** One value of one row; the simple protocol, which a WAL sender speaks too. */
function askIn(client: Client): Ask {
  const late = new Error(`the server log: no answer within ${answerTimeoutMs} ms`);
  return async (text) => {
    const answer = client.query<{ value: string | null }>(text);
    answer.catch(() => undefined);
    const result = await within(answer, answerTimeoutMs, late);
    if (result instanceof Error) throw result;
    return result.rows[0]?.value ?? null;
  };
}

async function currentFile(ask: Ask, form: string): Promise<string> {
  const file = await ask(`select pg_current_logfile('${form}') as value`);
  if (file === null) throw new Error('the server no longer collects its log');
  return file;
}

/** From the last line break on: the line that is being written belongs to what comes. */
async function endOfLog(ask: Ask, form: string): Promise<Position> {
  const file = await currentFile(ask, form);
  const name = quote(file.slice(file.lastIndexOf('/') + 1));
  const size = Number(await ask(`select size as value from pg_ls_logdir() where name = ${name}`));
  const last = await readPiece(ask, { file, offset: Math.max(0, size - pieceBytes) });
  return { file, offset: Math.max(0, size - pieceBytes) + last.lastIndexOf(10) + 1 };
}

/** Bytes, since a piece may end within a character. A file that is gone has nothing more. */
async function readPiece(ask: Ask, { file, offset }: Position): Promise<Buffer> {
  const piece = `pg_read_binary_file(${quote(file)}, ${offset}, ${pieceBytes}, true)`;
  return Buffer.from((await ask(`select encode(${piece}, 'base64') as value`)) ?? '', 'base64');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
