import type { RunClock } from '../base/clock.ts';
import { sleep } from '../base/deadline.ts';
import type { LogEvent } from '../evidence/event.ts';
import { runTimeOf, type ClockOffset } from './clock-offset.ts';
import { openFileTail, type FileTail } from './file-tail.ts';
import { parseLogLine, type LogLine } from './log-line.ts';
import type { LogSource } from './postgres-server.ts';

const pollMs = 100;
/** The log counts as read to its end once it has not grown for so many looks in a row. */
const quietLooks = 3;
/** A server that never stops writing must not keep the run from ending. */
const lastLooks = 40;

/** What following a log needs. */
export interface ServerLogOrders {
  /** A file may appear later. */
  readonly source: LogSource;
  readonly clock: RunClock;
  readonly serverClock: Pick<ClockOffset, 'offset_us'>;
  readonly onEvent: (event: LogEvent) => void;
}

/** A log that is being followed. */
export interface RunningServerLog {
  /** Lines that could not be understood: more than none means that what the log says is incomplete. */
  unreadLines(): number;
  /** Reads to the end, then lets go. What the server wrote before this call is read. */
  stop(): Promise<void>;
}

/** Follows the server's log from its first line on. */
export async function followServerLog(orders: ServerLogOrders): Promise<RunningServerLog> {
  if (orders.source.kind !== 'file') throw new Error('only a file can be followed');
  const tail = openFileTail(orders.source.path);
  const stopping = new AbortController();
  let unread = 0;
  const look = async (): Promise<number> => {
    const lines = await tail.readLines();
    for (const text of lines) {
      const line = parseLogLine(text);
      if (line === undefined) unread += 1;
      else if (line !== null) orders.onEvent(eventOf(line, orders.serverClock));
    }
    return lines.length;
  };
  await look();
  const done = lookOn(look, stopping.signal);
  // Heard by whoever stops this; until then it must not end the process.
  done.catch(() => undefined);
  return {
    unreadLines: () => unread,
    stop: async () => {
      stopping.abort();
      await done;
      await readToEnd(look);
      unread += await closeTail(tail);
    },
  };
}

async function lookOn(look: () => Promise<number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await sleep(pollMs, signal);
  }
}

/** The server hands its lines to a process that writes them: the last ones may take a moment. */
async function readToEnd(look: () => Promise<number>): Promise<void> {
  for (let looks = 0, quiet = 0; looks < lastLooks && quiet < quietLooks; looks += 1) {
    quiet = (await look()) === 0 ? quiet + 1 : 0;
    await sleep(pollMs);
  }
}

/** Half a line at the very end is one line that was not read. */
async function closeTail(tail: FileTail): Promise<number> {
  const rest = await tail.close();
  return rest === '' ? 0 : 1;
}

function eventOf(line: LogLine, serverClock: Pick<ClockOffset, 'offset_us'>): LogEvent {
  return {
    t_us: runTimeOf(line.serverUs, serverClock),
    kind: 'log',
    what: line.what,
    severity: line.severity,
    sqlstate: line.sqlstate,
    pid: line.pid,
    port: line.port,
    role: line.role,
    database: line.database,
    application_name: line.applicationName,
    message: line.message,
  };
}
