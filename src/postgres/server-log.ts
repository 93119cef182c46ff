import type { RunClock } from '../base/clock.ts';
import { sleep } from '../base/deadline.ts';
import { messageOf } from '../base/errors.ts';
import type { LogEvent } from '../evidence/event.ts';
import { runTimeOf, type ClockOffset } from './clock-offset.ts';
import { lineOf, type LogLine } from './log-line.ts';
import { makeCsvReader } from './log/csvlog.ts';
import { readJsonRecord } from './log/jsonlog.ts';
import type { LogTail } from './file-tail.ts';
import type { RecordReader } from './log/log-record.ts';
import { makeLogTime } from './log/log-time.ts';
import { openLogTail, pollMsOf } from './log/open-log-tail.ts';
import { makeStderrReader } from './log/stderr-log.ts';
import type { LogFormat, LogSource } from './postgres-server.ts';

/** The log counts as read to its end once it has not grown this many times in a row. */
const quietLooks = 3;
const quietMs = 100;
/** A server that never stops writing must not keep the run from ending. */
const lastLooks = 40;

/** What following a log needs. */
export interface ServerLogOrders {
  /** A file may appear later. */
  readonly source: LogSource;
  readonly clock: RunClock;
  readonly serverClock: Pick<ClockOffset, 'offset_us'>;
  readonly onEvent: (event: LogEvent) => void;
  /** Ends the waiting for an export when nobody wants to wait any more. */
  readonly signal?: AbortSignal;
}

/** A log that is being followed. */
export interface RunningServerLog {
  /** Lines that could not be understood: more than none means that what the log says is incomplete. */
  unreadLines(): number;
  /** Why what was read is not all that the server logged, or null; final once it is stopped. */
  gap(): string | null;
  /** Reads to the end, then lets go. What the server wrote before this call is read. */
  stop(): Promise<void>;
}

/** Follows the server's log: a file or a stream from its first line on, through SQL or in an export from now on. */
export async function followServerLog(orders: ServerLogOrders): Promise<RunningServerLog> {
  const { source } = orders;
  return source.kind === 'export' ? followExported(orders, source) : followTail(orders);
}

async function followExported(
  { clock, serverClock, onEvent, signal = new AbortController().signal }: ServerLogOrders,
  source: Extract<LogSource, { readonly kind: 'export' }>,
): Promise<RunningServerLog> {
  const { followExport } = await import('./log/follow-export.ts');
  const followed = followExport({
    source,
    understand: lineReader(source),
    serverNowUs: () => clock.nowUs() + serverClock.offset_us,
    onLine: (line) => onEvent(eventOf(line, source, serverClock)),
    signal,
  });
  return { unreadLines: () => 0, ...followed };
}

async function followTail(orders: ServerLogOrders): Promise<RunningServerLog> {
  const tail = await openLogTail(orders.source);
  const understand = lineReader(orders.source);
  const stopping = new AbortController();
  let unread = 0;
  let lost: string | null = null;
  const look = async (): Promise<number> => {
    const lines = await tail.readLines();
    for (const text of lines) {
      const line = understand(text);
      if (line === undefined) unread += 1;
      else if (line !== null) orders.onEvent(eventOf(line, orders.source, orders.serverClock));
    }
    return lines.length;
  };
  const orLost = (act: Promise<void>): Promise<void> =>
    act.catch((error: unknown) => void (lost ??= messageOf(error)));
  await look();
  const done = orLost(lookOn(look, pollMsOf(orders.source), stopping.signal));
  return {
    unreadLines: () => unread,
    gap: () => gapOf(unread, lost),
    stop: async () => {
      stopping.abort();
      await done;
      if (lost === null) await orLost(readToEnd(look));
      unread += await closeTail(tail);
    },
  };
}

/** Reads the lines of a log, whatever its form. */
function lineReader(format: LogFormat): (text: string) => LogLine | null | undefined {
  const read = recordReader(format);
  const timeOf = makeLogTime(format.timeZone ?? 'UTC');
  return (text) => {
    const record = read(text);
    return record === null || record === undefined ? record : lineOf(record, timeOf);
  };
}

function recordReader({ form, linePrefix }: LogFormat): RecordReader {
  if (form === 'jsonlog') return readJsonRecord;
  return form === 'csvlog' ? makeCsvReader() : makeStderrReader(linePrefix ?? '%m [%p] ');
}

function gapOf(unread: number, lost: string | null): string | null {
  if (lost !== null) return `the server log was lost: ${lost}`;
  return unread === 0 ? null : `${unread} lines of the server log could not be read`;
}

async function lookOn(look: () => Promise<number>, pollMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await sleep(pollMs, signal);
  }
}

/** The server hands its lines to a process that writes them: the last ones may take a moment. */
async function readToEnd(look: () => Promise<number>): Promise<void> {
  for (let looks = 0, quiet = 0; looks < lastLooks && quiet < quietLooks; looks += 1) {
    quiet = (await look()) === 0 ? quiet + 1 : 0;
    await sleep(quietMs);
  }
}

/** Half a line at the very end is one line that was not read. */
async function closeTail(tail: LogTail): Promise<number> {
  const rest = await tail.close();
  return rest === '' ? 0 : 1;
}

function eventOf(
  line: LogLine,
  { isTranslated = false }: LogFormat,
  serverClock: Pick<ClockOffset, 'offset_us'>,
): LogEvent {
  return {
    t_us: runTimeOf(line.serverUs, serverClock),
    kind: 'log',
    what: line.what,
    severity: line.severity,
    sqlstate: line.sqlstate,
    pid: line.pid,
    port: isTranslated ? null : line.port,
    role: line.role,
    database: line.database,
    application_name: line.applicationName,
    message: line.message,
  };
}
