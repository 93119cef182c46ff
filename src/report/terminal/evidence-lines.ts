import type { ChalkInstance } from 'chalk';
import { formatMs } from '../../base/units.ts';
import type { Summary } from '../../verdict/summary/summary.ts';
import { retryWords } from '../load-words.ts';
import { grouped, percent, plainLine, provenanceMarks } from '../words.ts';
import { fill } from './fill.ts';

/** Whether to believe the run: what was sent and seen, the first broken guard, and how much clients asked again. */
export function evidenceLines(summary: Summary, width: number, paint: ChalkInstance): readonly string[] {
  const { schedule, validity, backends } = summary;
  const broken = validity.filter((guard) => !guard.ok);
  const facts = [
    ...sentFacts(schedule),
    ...(schedule.dropped === 0 ? [] : [`dropped ${grouped(schedule.dropped)}`]),
    ...(schedule.unfinished === 0 ? [] : [`unfinished ${grouped(schedule.unfinished)}`]),
    ...(schedule.lag_p99_ms === null ? [] : [`lag p99 ${formatMs(schedule.lag_p99_ms)}`]),
    `sessions ${peakWords(backends)} of claim ${summary.budget.claim}`,
    `refused ${grouped(backends.refused)}`,
    `${validity.length - broken.length} of ${validity.length} guards hold`,
  ];
  const guard = broken
    .slice(0, 1)
    .map(({ id, name, reason }) => `  ? guard ${id} ${plainLine(name)} broken: ${plainLine(reason)}`);
  return [
    ...fill(`evidence ${provenanceMarks.observed}: ${facts.join(' · ')}`, { width, indent: 2, most: 2 }),
    ...guard.flatMap((line) => fill(line, { width, indent: 4, most: 1 })).map((line) => paint.magenta(line)),
    ...retryLine(summary, width),
    ...judgedLine(summary, width),
  ];
}

function sentFacts({ planned, sent, closed }: Summary['schedule']): readonly string[] {
  return [
    ...(planned === 0 && closed !== null
      ? []
      : [`sent ${percent(planned === 0 ? 0 : sent / planned)} of ${grouped(planned)} planned`]),
    ...(closed === null ? [] : [`closed clients sent ${grouped(closed.sent)}`]),
  ];
}

/** Where other rules than the run's own counted. */
function judgedLine({ judged_by: by }: Summary, width: number): readonly string[] {
  const files = [by.contract, by.rules].filter((file) => file !== null).map(plainLine);
  if (files.length === 0) return [];
  const text = `judged by ${files.join(' and ')}, not by what the run was made with`;
  return fill(text, { width, indent: 2, most: 1 });
}

function retryLine(summary: Summary, width: number): readonly string[] {
  const words = retryWords(summary);
  if (words === null) return [];
  const mark = provenanceMarks[summary.provenance.sections.amplification];
  return fill(`retries ${mark}: ${plainLine(words)}`, { width, indent: 2, most: 1 });
}

function peakWords({ peak_exact: exact, peak_sampled: sampled }: Summary['backends']): string {
  if (exact !== null) return `peak ${exact}`;
  return sampled === null ? 'not seen' : `peak ${sampled} sampled`;
}
