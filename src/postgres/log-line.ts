import { sqlstateOfText } from './log/known-texts.ts';
import type { LogRecord } from './log/log-record.ts';
import type { LogTime } from './log/log-time.ts';

/** A line of the server log about connections or an error. */
export interface LogLine extends Omit<LogRecord, 'time' | 'backendType'> {
  /** The server's clock, microseconds since 1970, as precise as the log has it; truncated, not rounded. */
  readonly serverUs: number;
  readonly what: 'received' | 'authorized' | 'disconnected' | 'error';
}

const failures = new Set(['ERROR', 'FATAL', 'PANIC']);

/** The line of a record: null when it is of no interest, `undefined` when its time or process can't be read. */
export function lineOf(record: LogRecord, timeOf: LogTime): LogLine | null | undefined {
  const what = whatOf(record);
  if (what === null) return null;
  const { message, severity, pid } = record;
  const serverUs = timeOf(record.time);
  if (serverUs === null || !Number.isSafeInteger(pid)) return undefined;
  const said = announced(message);
  return {
    serverUs,
    what,
    severity,
    sqlstate: record.sqlstate ?? (what === 'error' ? sqlstateOfText(message) : null),
    pid,
    port: record.port ?? said.port,
    role: record.role ?? said.role,
    database: record.database ?? said.database,
    applicationName: record.applicationName ?? said.applicationName,
    message,
  };
}

/**
 * `authorized` is not yet a session: a login that finds only reserved slots left is authorized first and refused
 * (FATAL, 53300) next; it gets no `disconnection` line then. WAL senders have slots of their own and are no
 * sessions in this sense.
 */
function whatOf(record: LogRecord): LogLine['what'] | null {
  if (failures.has(record.severity)) return 'error';
  if (record.severity !== 'LOG' || record.backendType === 'walsender') return null;
  if (record.message.startsWith('connection received: ')) return 'received';
  if (record.message.startsWith('connection authorized: ')) return 'authorized';
  return record.message.startsWith('disconnection: ') ? 'disconnected' : null;
}

/** What the message itself tells of the session: at `authorized` its name stands nowhere else. */
function announced(message: string): Pick<LogLine, 'port' | 'role' | 'database' | 'applicationName'> {
  const port = /^(?:connection received|disconnection): .*? port=(\d+)$/.exec(message)?.[1];
  const who =
    /^connection authorized: (?:.*? )?user=(.*?) database=(.*?)(?: application_name=(.*?))?(?: (?:SSL|GSS) (?:enabled|\().*)?$/.exec(
      message,
    );
  const whose = who ?? /^disconnection: .*? user=(.*?) database=(.*?) host=/.exec(message);
  return {
    port: port === undefined ? null : Number(port),
    role: whose?.[1] ?? null,
    database: whose?.[2] ?? null,
    applicationName: who?.[3] ?? null,
  };
}
