import type { Sample } from '../../../evidence/sessions/samples.ts';
import type { RunFacts } from '../run-facts.ts';
import { noSlots } from './account.ts';
import type { RequestCount } from './request-counts.ts';
import { slotsOf } from './session-counts.ts';
import { quickest } from './supply.ts';

/** E: what a request takes at baseline that is neither database nor waiting: its quickest, less the database's share. */
export function ownTime(
  run: RunFacts,
  seen: readonly Sample[],
  counts: readonly RequestCount[],
): number | null {
  const { baseline, driven } = run;
  const quickMs = quickest(run);
  const asked = (run.attemptsByPhase.get(baseline?.name ?? '') ?? []).filter(({ route }) =>
    quickMs.has(route),
  );
  if (baseline === null || asked.length === 0) return null;
  const quick = asked.reduce((sum, { route }) => sum + (quickMs.get(route) ?? 0), 0) / asked.length / 1000;
  let busy = 0;
  let ended = 0;
  counts.forEach(({ endedPerSec }, index) => {
    const [sample, next] = [seen[index], seen[index + 1]];
    if (sample === undefined || next === undefined) return;
    if (sample.tUs < baseline.fromUs || next.tUs > baseline.toUs) return;
    const { active, lock, in_transaction: open } = slotsOf(sample.rows).get(driven.contract.name) ?? noSlots;
    const lasted = (next.tUs - sample.tUs) / 1e6;
    busy += lasted * (active + lock + open);
    ended += lasted * endedPerSec;
  });
  return ended < 1 ? null : Math.max(0, quick - busy / ended);
}
