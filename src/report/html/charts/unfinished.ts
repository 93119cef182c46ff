import { formatMs } from '../../../base/units.ts';
import type { Evidence } from '../../../evidence/evidence.ts';
import { grouped, runClock } from '../../words.ts';
import type { Mark } from './chart.ts';
import type { Timeline } from './timeline.ts';

/** Attempts that were still open at the end: open marks at the age they had reached, the oldest of each column. */
export function unfinishedMarks(evidence: Evidence, timeline: Timeline): readonly Mark[] {
  const endUs = evidence.run.ended.at_us ?? timeline.toUs;
  const widthUs = (timeline.toUs - timeline.fromUs) / 120;
  const columns = new Map<number, { count: number; intendedUs: number }>();
  for (const { outcome, intendedUs } of evidence.attempts) {
    if (outcome !== 'unfinished') continue;
    const column = Math.floor((intendedUs - timeline.fromUs) / widthUs);
    const known = columns.get(column);
    if (known === undefined) columns.set(column, { count: 1, intendedUs });
    else known.count += 1;
  }
  return [...columns.values()].map(({ count, intendedUs }) => {
    const ageMs = Math.max(0, (Math.min(endUs, timeline.toUs) - intendedUs) / 1000);
    const title = `${grouped(count)} from ${runClock(intendedUs)} never finished: open for ${formatMs(ageMs)} or more`;
    return { tUs: intendedUs, value: ageMs, kind: 'open', title };
  });
}
