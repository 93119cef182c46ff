/** A line of the server log that says something of connections, or of an error. */
export interface LogLine {
  /** The server's clock, microseconds since 1970, to the millisecond and cut off, not rounded. */
  readonly serverUs: number;
  readonly what: 'received' | 'authorized' | 'disconnected' | 'error';
  readonly severity: string;
  readonly sqlstate: string | null;
  readonly pid: number;
  /** The client's port. */
  readonly port: number | null;
  readonly role: string | null;
  readonly database: string | null;
  readonly applicationName: string | null;
  readonly message: string;
}

/** The fields of a jsonlog line (PostgreSQL 15 and later) that are used here. */
interface JsonLine {
  readonly timestamp: string;
  readonly pid: number;
  readonly error_severity: string;
  readonly message: string;
  readonly state_code?: string;
  readonly user?: string;
  readonly dbname?: string;
  readonly remote_port?: number;
  readonly application_name?: string;
  readonly backend_type?: string;
}

const failures = new Set(['ERROR', 'FATAL', 'PANIC']);

/** Reads one line: null when it says nothing of interest, `undefined` when it is not a line of a jsonlog. */
export function parseLogLine(text: string): LogLine | null | undefined {
  const line = parseJson(text);
  if (line === undefined) return undefined;
  const what = whatOf(line);
  if (what === null) return null;
  const serverUs = parseTimestampUs(line.timestamp);
  if (serverUs === null) return undefined;
  return {
    serverUs,
    what,
    severity: line.error_severity,
    sqlstate: line.state_code ?? null,
    pid: line.pid,
    port: line.remote_port ?? null,
    role: line.user ?? null,
    database: line.dbname ?? null,
    applicationName: line.application_name ?? announcedName(line.message),
    message: line.message,
  };
}

function parseJson(text: string): JsonLine | undefined {
  try {
    const value = JSON.parse(text) as Partial<JsonLine> | null;
    const isLine =
      typeof value?.timestamp === 'string' &&
      typeof value.pid === 'number' &&
      typeof value.error_severity === 'string';
    // A line without a message is rare but lawful.
    return isLine ? ({ message: '', ...value } as JsonLine) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `authorized` is not yet a session: a login that finds only reserved slots left is authorized first and refused
 * (FATAL, 53300) next; it gets no `disconnection` line then. WAL senders have slots of their own and are no
 * sessions in this sense.
 */
function whatOf(line: JsonLine): LogLine['what'] | null {
  if (failures.has(line.error_severity)) return 'error';
  if (line.error_severity !== 'LOG' || line.backend_type === 'walsender') return null;
  if (line.message.startsWith('connection received: ')) return 'received';
  if (line.message.startsWith('connection authorized: ')) return 'authorized';
  return line.message.startsWith('disconnection: ') ? 'disconnected' : null;
}

/** At the moment of `connection authorized` the name stands in the message only, and ends before ` SSL enabled`. */
function announcedName(message: string): string | null {
  const match = /^connection authorized: .*? application_name=(.*?)(?: (?:SSL|GSS) (?:enabled|\().*)?$/.exec(
    message,
  );
  return match?.[1] ?? null;
}

/** "2026-11-21 02:00:55.038 UTC"; any other zone is not understood, since names of zones are ambiguous. */
function parseTimestampUs(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}) (?:UTC|GMT)$/.exec(text);
  const [, day, time] = match ?? [];
  return day === undefined || time === undefined ? null : Date.parse(`${day}T${time}Z`) * 1000;
}
