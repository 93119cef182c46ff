import { readLinePrefix, type PrefixField } from './line-prefix.ts';
import type { LogRecord, RecordReader } from './log-record.ts';

/** What stands behind the prefix; two spaces follow the colon. */
const severities = 'DEBUG[1-5]|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC';
/** Lines of their own that belong to the one before. */
const additions = 'DETAIL|HINT|QUERY|CONTEXT|LOCATION|STATEMENT|BACKTRACE';

/** What the server prints for a session that has not said it yet. */
const unknown = '[unknown]';

/** Why a log of this prefix tells nothing, or null when it does: when it was and whose are needed. */
export function whyPrefixFails(prefix: string): string | null {
  const { fields } = readLinePrefix(prefix);
  if (!fields.includes('time')) return `log_line_prefix "${prefix}" tells no time (%m)`;
  return fields.includes('pid') || fields.includes('session')
    ? null
    : `log_line_prefix "${prefix}" tells no process (%p)`;
}

/** Reads the stderr form of a log, whose lines begin with the server's `log_line_prefix`. */
export function makeStderrReader(linePrefix: string): RecordReader {
  const { pattern, fields } = readLinePrefix(linePrefix);
  const head = new RegExp(`^${pattern}(${severities}|${additions}):  (.*)$`);
  const addition = new RegExp(`^(?:${additions})$`);
  return (line) => {
    // A line break within a message is followed by a tab.
    if (line.startsWith('\t')) return null;
    const match = head.exec(line);
    if (match === null) return undefined;
    const [severity = '', message = ''] = match.slice(fields.length + 1);
    if (addition.test(severity)) return null;
    const told = (field: PrefixField | 'session'): string | null => {
      const text = match[fields.indexOf(field) + 1] ?? '';
      return !fields.includes(field) || text === '' || text === unknown ? null : text;
    };
    return recordOf(told, severity, message);
  };
}

function recordOf(
  told: (field: PrefixField | 'session') => string | null,
  severity: string,
  message: string,
): LogRecord {
  const session = told('session')?.split('.')[1];
  const sqlstate = told('sqlstate');
  return {
    time: told('time') ?? '',
    severity,
    sqlstate: sqlstate === '00000' ? null : sqlstate,
    pid: Number(told('pid') ?? (session === undefined ? Number.NaN : parseInt(session, 16))),
    port: Number(/\((\d+)\)$/.exec(told('client') ?? '')?.[1] ?? 0) || null,
    role: told('role'),
    database: told('database'),
    applicationName: told('applicationName'),
    backendType: told('backendType'),
    message,
  };
}
