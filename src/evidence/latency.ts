import { build, HistogramLogWriter, type Histogram } from 'hdr-histogram-js';
import { outcomes, type Attempt, type Outcome } from './attempt.ts';
import type { Evidence } from './evidence.ts';
import { minForP99, type Percentiles } from './percentiles.ts';

/** Durations beyond an hour are counted as an hour: a histogram that grows by itself has no bounded size. */
const ceilingUs = 3_600_000_000;

/** Latency of the attempts of one phase that ended in one way. */
export interface Latency {
  readonly phase: string;
  readonly outcome: Outcome;
  readonly n: number;
  /** From the intended start: what a caller would have seen. */
  readonly responseMs: Percentiles;
  /** From the actual start: what the service did. */
  readonly serviceMs: Percentiles;
  /** Durations below zero or above an hour, counted as zero and as an hour. */
  readonly clamped: number;
}

/**
 * Latency for each phase and outcome, in the order in which the phases appear and in that of `outcomes`.
 * Attempts that never ended are left out; one that the client gave up counts with the time
 * at which it was given up, which is less than it would have taken.
 */
export function latencyByPhase(attempts: readonly Attempt[]): readonly Latency[] {
  return ended(attempts).map(({ phase, outcome, members }) => {
    const response = record(members, (attempt) => attempt.intendedUs);
    const service = record(members, (attempt) => attempt.sentUs);
    return {
      phase,
      outcome,
      n: members.length,
      responseMs: percentilesMs(response),
      serviceMs: percentilesMs(service),
      clamped: response.clamped + service.clamped,
    };
  });
}

/**
 * `latency.hlog`: the response times as an HdrHistogram log, in microseconds, one line tagged `phase/outcome`
 * for each. Timestamps are seconds since the run's origin; the start time in the head makes them absolute.
 */
export function latencyLog(evidence: Evidence): string {
  const lines: string[] = [];
  const writer = new HistogramLogWriter((line) => void lines.push(line));
  const startedMs = Date.parse(evidence.run.started_at);
  writer.outputComment('[Response times in microseconds, from the intended start]');
  writer.outputLogFormatVersion();
  // The writer's own start line would hold the machine's time zone: the same run, another text.
  writer.outputComment(
    `[StartTime: ${(startedMs / 1000).toFixed(3)} (seconds since epoch), ${evidence.run.started_at}]`,
  );
  writer.outputComment(`[BaseTime: ${(startedMs / 1000).toFixed(3)} (seconds since epoch)]`);
  writer.outputLegend();
  for (const { phase, outcome, members } of ended(evidence.attempts)) {
    const { histogram } = record(members, (attempt) => attempt.intendedUs);
    histogram.tag = `${phase}/${outcome}`.replaceAll(/[\s,]+/g, '_');
    const fromUs = members.reduce((least, { intendedUs }) => Math.min(least, intendedUs), Infinity);
    const toUs = members.reduce((most, { endedUs }) => Math.max(most, endedUs), -Infinity);
    writer.outputIntervalHistogram(histogram, fromUs / 1e6, toUs / 1e6, 1000);
  }
  return lines.join('');
}

type Ended = Attempt & { readonly endedUs: number };

interface Group {
  readonly phase: string;
  readonly outcome: Outcome;
  readonly members: readonly Ended[];
}

function ended(attempts: readonly Attempt[]): readonly Group[] {
  const phases = new Map<string, Map<Outcome, Ended[]>>();
  for (const attempt of attempts) {
    if (!isEnded(attempt)) continue;
    const phase = phases.get(attempt.phase) ?? new Map<Outcome, Ended[]>();
    phases.set(attempt.phase, phase);
    const members = phase.get(attempt.outcome);
    if (members === undefined) phase.set(attempt.outcome, [attempt]);
    else members.push(attempt);
  }
  return [...phases].flatMap(([phase, byOutcome]) =>
    outcomes.flatMap((outcome) => {
      const members = byOutcome.get(outcome);
      return members === undefined ? [] : [{ phase, outcome, members }];
    }),
  );
}

function isEnded(attempt: Attempt): attempt is Ended {
  return attempt.endedUs !== null;
}

interface Recorded {
  readonly histogram: Histogram;
  /** Exact, where the histogram knows it only to three digits. */
  readonly maxUs: number;
  readonly clamped: number;
}

function record(members: readonly Ended[], startUs: (attempt: Ended) => number): Recorded {
  const histogram = build({ autoResize: false, highestTrackableValue: ceilingUs });
  let clamped = 0;
  let maxUs = 0;
  for (const attempt of members) {
    const durationUs = Math.round(attempt.endedUs - startUs(attempt));
    const withinUs = Math.min(Math.max(durationUs, 0), ceilingUs);
    if (withinUs !== durationUs) clamped += 1;
    maxUs = Math.max(maxUs, withinUs);
    histogram.recordValue(withinUs);
  }
  return { histogram, maxUs, clamped };
}

function percentilesMs({ histogram, maxUs }: Recorded): Percentiles {
  // A histogram answers with the upper edge of a value's bin, which may lie above every value there was.
  const at = (percentile: number): number =>
    Math.min(histogram.getValueAtPercentile(percentile), maxUs) / 1000;
  const p99 = histogram.totalCount < minForP99 ? null : at(99);
  return { p50: at(50), p90: at(90), p99, max: maxUs / 1000 };
}
