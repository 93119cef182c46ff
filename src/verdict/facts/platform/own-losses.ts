import { formatMs } from '../../../base/units.ts';
import type { LogEvent, LossEvent } from '../../../evidence/event.ts';
import type { Evidence } from '../../../evidence/evidence.ts';
import { markSpans, touches } from './fault-spans.ts';
import { outagesIn } from './outages.ts';

/** A time in which a part of the harness was gone or stood still, or still felt that it had been. */
export interface OwnLoss {
  readonly of: LossEvent['of'];
  readonly fromUs: number;
  readonly toUs: number;
  /** "the emulator was gone from 3 s to 9 s of the run". */
  readonly words: string;
}

/** What a server says when it, or one of its sessions, is ended from outside. */
const endings: ReadonlySet<string | null> = new Set(['57P01', '57P02', '57P03']);

/** Faults that end sessions, or the server, on purpose. */
const endingFaults: ReadonlySet<string> = new Set(['db.terminate', 'db.slow', 'db.expire_credentials']);

/** Clocks are mapped, and a fault is noted a moment after it has begun. */
const marginUs = 1_000_000;

/**
 * The losses of the run, each with the time in which whoever waited meanwhile may still wait: until the caller's
 * deadline.
 */
export function ownLossesIn(evidence: Pick<Evidence, 'events' | 'run'>): readonly OwnLoss[] {
  const { events, run } = evidence;
  const aftermathUs = run.client.deadline_ms * 1000;
  const seen = events.filter((event) => event.kind === 'loss').map(lossOf);
  return [...seen, ...endedServerIn(evidence)].map((loss) => ({ ...loss, toUs: loss.toUs + aftermathUs }));
}

function lossOf({ of, how, from_us: fromUs, t_us: toUs }: LossEvent): OwnLoss {
  const what = how === 'gone' ? 'was gone' : 'stood still';
  return { of, fromUs, toUs, words: `the ${of} ${what} ${timeWords(fromUs, toUs)}` };
}

/** A server that was started for the run ends sessions only where a fault asks for it, or somebody else is at it. */
function endedServerIn(evidence: Pick<Evidence, 'events' | 'run'>): readonly OwnLoss[] {
  const { events, run } = evidence;
  if (run.postgres.kind !== 'embedded' && run.postgres.kind !== 'container') return [];
  const loadEndUs = events.find((event) => event.kind === 'mark' && event.name === 'load_end')?.t_us;
  const graceUs = run.client.deadline_ms * 1000;
  const wanted = [...outagesIn(evidence, graceUs), ...markSpans(evidence, endingFaults, graceUs)];
  const told = events.filter(
    (event): event is LogEvent =>
      event.kind === 'log' &&
      endings.has(event.sqlstate) &&
      event.t_us >= (run.load_start_us ?? Infinity) &&
      event.t_us <= (loadEndUs ?? Infinity) &&
      !touches(wanted, event.t_us - marginUs, event.t_us + marginUs),
  );
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [fromUs, toUs] = [first.t_us - marginUs, last.t_us];
  const words = `the server ended sessions that no fault was to end (${first.message}) ${timeWords(fromUs, toUs)}`;
  return [{ of: 'server', fromUs, toUs, words }];
}

function timeWords(fromUs: number, toUs: number): string {
  return `from ${formatMs(fromUs / 1000)} to ${formatMs(toUs / 1000)} of the run`;
}
