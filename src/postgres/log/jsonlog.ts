import type { LogRecord } from './log-record.ts';

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

/** Reads a line of a jsonlog: one record each. */
export function readJsonRecord(text: string): LogRecord | undefined {
  const line = parseJson(text);
  if (line === undefined) return undefined;
  return {
    time: line.timestamp,
    severity: line.error_severity,
    sqlstate: line.state_code ?? null,
    pid: line.pid,
    port: line.remote_port ?? null,
    role: line.user ?? null,
    database: line.dbname ?? null,
    applicationName: line.application_name ?? null,
    backendType: line.backend_type ?? null,
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
