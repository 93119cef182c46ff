import type { SessionPlace } from '../contract/session-owner.ts';
import type { BackendRow } from '../evidence/dataset/backend-row.ts';
import type { SampleFeatures, SampleRow } from './sample-features.ts';

/** Sessions that are alike. */
export interface SampleGroup extends Omit<
  BackendRow,
  'tUs' | 'source' | 'service' | 'revision' | 'instance'
> {
  /** Where they are and come from; only what was asked for. */
  readonly place: Readonly<Partial<Record<SessionPlace, string | null>>>;
}

/** What one sample says. */
export interface ServerSample {
  /** Logins ever completed, as counted just before the sessions were read; null where they are not counted. */
  readonly sessions: number | null;
  /** The same just after. */
  readonly sessionsAfter: number | null;
  /** The server's clock once the sessions had been read, microseconds since 1970. */
  readonly serverUs: number;
  /** How long the server was at it. */
  readonly tookUs: number;
  /** Sessions that have logged in. */
  readonly backends: number;
  /** Processes that hold a slot but have not logged in; null where they are not shown. */
  readonly starting: number | null;
  /** The process numbers of the sessions that have logged in. */
  readonly pids: readonly string[];
  readonly groups: readonly SampleGroup[];
}

/** Reads the rows of a sample. The head stands in every row; with no sessions at all, one row has nothing else. */
export function parseSample(
  rows: readonly SampleRow[],
  { showsStarting }: SampleFeatures,
  asked: readonly SessionPlace[] = [],
): ServerSample {
  const head = rows[0] ?? [];
  const shown = rows.filter((row) => row[8] != null);
  const groups = shown.map((row) => parseGroup(row, asked));
  const count = (isWanted: (group: SampleGroup) => boolean): number =>
    groups.filter(isWanted).reduce((total, group) => total + group.count, 0);
  return {
    sessions: countAt(head, 0),
    serverUs: numberAt(head, 1),
    sessionsAfter: countAt(head, 2),
    tookUs: numberAt(head, 13),
    backends: count((group) => group.state !== 'starting'),
    starting: showsStarting ? count((group) => group.state === 'starting') : null,
    pids: shown.flatMap((row) => parsePids(row[12] ?? null)),
    groups,
  };
}

function parseGroup(row: SampleRow, asked: readonly SessionPlace[]): SampleGroup {
  return {
    role: row[3] ?? null,
    applicationName: row[4] ?? null,
    state: row[5] ?? null,
    waitType: row[6] ?? null,
    wait: row[7] ?? null,
    count: numberAt(row, 8),
    maxXactMs: ageMsAt(row, 9),
    maxQueryMs: ageMsAt(row, 10),
    maxStateMs: ageMsAt(row, 11),
    place: Object.fromEntries(asked.map((place, index) => [place, row[firstPlace + index] ?? null])),
  };
}

/** The column behind all that is always asked for. */
const firstPlace = 14;

function numberAt(row: SampleRow, column: number): number {
  return Number(row[column] ?? Number.NaN);
}

function countAt(row: SampleRow, column: number): number | null {
  const text = row[column] ?? null;
  return text === null ? null : Number(text);
}

/** Milliseconds of an age in seconds, to the microsecond. */
function ageMsAt(row: SampleRow, column: number): number | null {
  const text = row[column] ?? null;
  return text === null ? null : Math.round(Number(text) * 1e6) / 1000;
}

/** An array of integers as the server writes it: `{1,2,3}`. They stay text: only which are the same matters. */
function parsePids(text: string | null): readonly string[] {
  return text === null ? [] : text.slice(1, -1).split(',');
}
