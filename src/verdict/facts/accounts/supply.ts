import { floatsOf } from '../../../base/floats.ts';
import type { Attempt } from '../../../evidence/attempt.ts';
import { quantile } from '../../statistics/quantile.ts';
import { perSecond } from '../requests/per-second.ts';
import { servedMs } from '../requests/service-time.ts';
import type { RunFacts } from '../run-facts.ts';

/*
 * Whether those who asked for a session got one. A pool hands an idle session to whoever waits, so where requests pile up
 * beside idle sessions, either the sessions are checked out, or the requests wait for something else. In the second
 * case some of the next requests are still served at once; where a queue stands in front of the pool, none is. So
 *
 *     supply = 2 * share of the requests of a second that were prompt / the same share in good seconds of the baseline
 *
 * and 1 at most: half of them prompt is not what a queue leaves over.
 *
 * Prompt is near the quickest tenth of its route at baseline: where a baseline has its own queues, the quickest still
 * show what a request takes without one.
 */

/** What a request of each route takes when nothing keeps it waiting; none for a route that answered too seldom. */
export function quickest({ baseline, attemptsByPhase }: RunFacts): ReadonlyMap<string, number> {
  const good = (attemptsByPhase.get(baseline?.name ?? '') ?? []).filter(({ outcome }) => outcome === 'ok');
  return new Map(
    [...new Set(good.map(({ route }) => route))].flatMap((route) => {
      const own = good.filter((one) => one.route === route);
      const quickMs = own.length < fewest ? null : quantile(floatsOf(own, servedMs), 0.1);
      return quickMs === null ? [] : [[route, quickMs] as const];
    }),
  );
}

const fewest = 20;
const slack = 2;
const slackMs = 20;
/** How many times over it takes to serve everybody at once. */
const enough = 2;
/** A second counts as good where nine of ten seconds of the baseline were no better. */
const goodSecond = 0.9;

/** For each second from `fromUs` on: which share of the requests were given a session, 0..1; null where nothing tells. */
export function supplyPerSecond(run: RunFacts, fromUs: number, toUs: number): readonly (number | null)[] {
  const quickMs = quickest(run);
  const asked = run.evidence.attempts.filter(
    ({ outcome, route }) => outcome !== 'dropped' && outcome !== 'platform' && quickMs.has(route),
  );
  const prompt = asked.filter(
    (one) => one.outcome === 'ok' && servedMs(one) <= slack * (quickMs.get(one.route) ?? 0) + slackMs,
  );
  const counts = sentPerSecond(asked, fromUs, toUs);
  const prompts = sentPerSecond(prompt, fromUs, toUs);
  const shares = counts.map((count, index) => (count === 0 ? null : (prompts[index] ?? 0) / count));
  const good = goodShare(run, shares, fromUs);
  return shares.map((share) =>
    share === null || good === null ? null : Math.min(1, (enough * share) / good),
  );
}

function goodShare(
  { baseline }: RunFacts,
  shares: readonly (number | null)[],
  fromUs: number,
): number | null {
  if (baseline === null) return null;
  const second = (tUs: number): number => Math.max(0, Math.floor((tUs - fromUs) / 1e6));
  const calm = shares.slice(second(baseline.fromUs), second(baseline.toUs)).filter((share) => share !== null);
  const good = quantile(calm, goodSecond);
  return good === null || good === 0 ? null : good;
}

function sentPerSecond(attempts: readonly Attempt[], fromUs: number, toUs: number): readonly number[] {
  return perSecond(
    attempts.map(({ sentUs }) => ({ tUs: sentUs, weight: 1 })),
    fromUs,
    toUs + 1e6,
  );
}
