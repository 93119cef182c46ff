/** One entry of an export of Cloud Logging, as far as it is used here. */
export interface CloudLogEntry {
  /** RFC 3339. */
  readonly timestamp: string;
  /** What tells two entries of the same moment from one that was exported twice. */
  readonly insertId: string | null;
  /** `project:instance`. */
  readonly database: string | null;
  /** What the server printed, its `log_line_prefix` before it; null where it is of another form. */
  readonly text: string | null;
}

/** An export, oldest first; what is no entry of a Cloud SQL server's own log is left out. */
export interface CloudLogExport {
  readonly entries: readonly CloudLogEntry[];
  /** Lines that are no JSON: an export that is still being written ends in half of one. */
  readonly broken: number;
}

/** Reads an array of entries, as `gcloud logging read --format=json` prints it, or one entry a line. */
export function readCloudLogging(text: string): CloudLogExport {
  const whole = text.trimStart().startsWith('[') ? parse(text) : undefined;
  const values = Array.isArray(whole)
    ? whole
    : text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(parse);
  const entries = values.flatMap((value) => entryOf(value) ?? []);
  return { entries: inOrder(entries), broken: values.filter((value) => value === undefined).length };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

interface RawEntry {
  readonly timestamp?: unknown;
  readonly insertId?: unknown;
  readonly logName?: unknown;
  readonly textPayload?: unknown;
  readonly resource?: { readonly type?: unknown; readonly labels?: { readonly database_id?: unknown } };
}

function entryOf(value: unknown): CloudLogEntry | null {
  if (value === null || typeof value !== 'object') return null;
  const { timestamp, insertId, logName, textPayload, resource } = value as RawEntry;
  if (typeof timestamp !== 'string' || resource?.type !== 'cloudsql_database') return null;
  // Audit logs of the instance stand beside the server's own.
  if (typeof logName === 'string' && !logName.endsWith('postgres.log')) return null;
  return {
    timestamp,
    insertId: text(insertId),
    database: text(resource.labels?.database_id),
    text: text(textPayload),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/**
 * Oldest first, each once. Several entries may be of one moment: those keep the order of the export, which is newest
 * first unless somebody asked for another.
 */
function inOrder(entries: readonly CloudLogEntry[]): readonly CloudLogEntry[] {
  const isNewestFirst = timeOf(entries[0]) > timeOf(entries.at(-1));
  const seen = new Set<string>();
  const once = entries.filter(({ insertId, timestamp, database }) => {
    if (insertId === null) return true;
    const key = `${timestamp} ${insertId} ${database ?? ''}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
  const forward = isNewestFirst ? once.reverse() : once;
  return forward.sort((a, b) => compareTimes(a.timestamp, b.timestamp));
}

function timeOf(entry: CloudLogEntry | undefined): number {
  return Date.parse(entry?.timestamp ?? '');
}

/** Finer than a `Date`: what follows the seconds is compared as digits. */
function compareTimes(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b) || fraction(a) - fraction(b);
}

function fraction(time: string): number {
  return Number(`0.${/\.(\d+)/.exec(time)?.[1] ?? '0'}`);
}
