import type { LogLine } from '../log-line.ts';
import type { CloudLogExport } from './cloud-logging.ts';

/** The time that an export should tell of, by the server's clock, microseconds since 1970. */
export interface ExportWindow {
  readonly fromUs: number;
  readonly toUs: number;
}

/** What an export tells of the run. */
export interface ExportedLines {
  readonly lines: readonly LogLine[];
  /** Whether it reaches to the end; what is missing there may still come. */
  readonly isAtEnd: boolean;
  /** Why it is not all that the server logged in that time; null where it is. */
  readonly gap: string | null;
}

/** The canary leaves lines about each second: a log that is silent longer at either end does not reach there. */
const edgeUs = 5_000_000;
/** A canary that gets no answer waits for five seconds; in the middle of a run that may happen twice in a row. */
const silenceUs = 15_000_000;

/** Takes from an export what belongs to the run, and says whether that is all of it. */
export function readExport(
  { entries, broken }: CloudLogExport,
  understand: (text: string) => LogLine | null | undefined,
  { fromUs, toUs }: ExportWindow,
  instance: string | null,
): ExportedLines {
  const own = entries.filter(({ database }) => instance === null || database === instance);
  const timed = own.map((entry) => ({ atUs: Date.parse(entry.timestamp) * 1000, text: entry.text }));
  const inRun = timed.filter(({ atUs }) => atUs >= fromUs - edgeUs && atUs <= toUs + edgeUs);
  const read = inRun.map(({ text }) => (text === null ? undefined : firstLine(text, understand)));
  const lines = read.flatMap((line) => (line === null || line === undefined ? [] : [line]));
  const unread = read.filter((line) => line === undefined).length;
  const times = timed.map(({ atUs }) => atUs);
  const isAtEnd = (times.at(-1) ?? 0) >= toUs - edgeUs;
  const instances = new Set(own.map(({ database }) => database));
  const why = [
    instances.size > 1 ? `it is of ${instances.size} instances` : null,
    (times[0] ?? Infinity) > fromUs + edgeUs ? 'it begins after the run does' : null,
    isAtEnd ? null : 'it ends before the run does',
    silence(inRun.map(({ atUs }) => atUs)),
    unread > 0 ? `${unread} of its entries could not be read` : null,
    broken > 0 ? `${broken} of its lines are no JSON` : null,
  ].find((one) => one !== null);
  const isWithin = ({ serverUs }: LogLine): boolean => serverUs >= fromUs && serverUs <= toUs;
  return {
    lines: lines.filter(isWithin),
    isAtEnd,
    gap: why === undefined ? null : `the exported log: ${why}`,
  };
}

/** An entry is one message, however many lines that has. */
function firstLine(
  text: string,
  understand: (text: string) => LogLine | null | undefined,
): LogLine | null | undefined {
  return understand(text.split('\n', 1)[0] ?? '');
}

function silence(times: readonly number[]): string | null {
  const longest = Math.max(0, ...times.slice(1).map((atUs, index) => atUs - (times[index] ?? atUs)));
  return longest > silenceUs
    ? `it has nothing for ${Math.round(longest / 1e6)} s, in which the canary went on`
    : null;
}
