/** A line of a server log as it was written, whatever its form. What the form does not tell is null. */
export interface LogRecord {
  /** With its zone, such as "2026-11-21 02:00:55.038 UTC"; or seconds since 1970. */
  readonly time: string;
  readonly severity: string;
  readonly sqlstate: string | null;
  readonly pid: number;
  /** The client's. */
  readonly port: number | null;
  readonly role: string | null;
  readonly database: string | null;
  readonly applicationName: string | null;
  readonly backendType: string | null;
  readonly message: string;
}

/**
 * Reads a log line by line. A record may take several lines: for those that only continue one it yields null, and
 * `undefined` for what is no line of such a log.
 */
export type RecordReader = (line: string) => LogRecord | null | undefined;
