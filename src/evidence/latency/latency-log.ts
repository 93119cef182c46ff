import { build, HistogramLogWriter, type Histogram } from 'hdr-histogram-js';
import type { Evidence } from '../evidence.ts';
import { endedByPhase, type Ended } from './latency.ts';

/** Durations beyond an hour are counted as an hour: a histogram that grows by itself has no bounded size. */
const ceilingUs = 3_600_000_000;

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
  for (const { phase, outcome, members } of endedByPhase(evidence.attempts)) {
    const histogram = histogramOf(members);
    histogram.tag = `${phase}/${outcome}`.replaceAll(/[\s,]+/g, '_');
    const fromUs = members.reduce((least, { intendedUs }) => Math.min(least, intendedUs), Infinity);
    const toUs = members.reduce((most, { endedUs }) => Math.max(most, endedUs), -Infinity);
    writer.outputIntervalHistogram(histogram, fromUs / 1e6, toUs / 1e6, 1000);
  }
  return lines.join('');
}

function histogramOf(members: readonly Ended[]): Histogram {
  const histogram = build({ autoResize: false, highestTrackableValue: ceilingUs });
  for (const { endedUs, intendedUs } of members)
    histogram.recordValue(Math.min(Math.max(Math.round(endedUs - intendedUs), 0), ceilingUs));
  return histogram;
}
