import { formatMs, trim } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { ownSamples } from '../facts/sessions/own-samples.ts';
import { quantile } from '../statistics/quantile.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * Some requests hold their session for longer than anybody may wait for one, as a rule and without any stress: at
 * baseline the p95 of a route's hold is above T_acq. Whoever comes behind such a request fails, however large the
 * pool: the work has the wrong home. The hold is what a request takes less its wait for the session; that the time was
 * spent in the database is what the ages of the transactions then show.
 */

const minRequests = 5;
const minSamples = 3;
/** More than this of the requests are not few: then it is the service, not a route. */
const few = 0.5;

export const wrongHome = {
  id: 'D26',
  title: 'work that belongs behind a queue holds sessions',
  question: 'held',
  diagnose: ({ run, service }) => {
    const { baseline } = run;
    const { thresholds } = service;
    if (baseline === null) return null;
    const routes = holdsIn(run, baseline.name);
    const long = routes.filter(({ p95Ms }) => p95Ms > thresholds.acquireMs);
    const total = routes.reduce((sum, { count }) => sum + count, 0);
    const share = long.reduce((sum, { count }) => sum + count, 0) / Math.max(1, total);
    const [worst] = long;
    if (worst === undefined || share > few) return null;
    const old = ownSamples(run, service).filter(
      ({ tUs, oldestXactMs }) =>
        tUs >= baseline.fromUs && tUs < baseline.toUs && oldestXactMs > thresholds.acquireMs,
    );
    if (old.length < minSamples) return null;
    const seconds = (baseline.toUs - baseline.fromUs) / 1e6;
    const busyOf = (own: typeof routes): number =>
      own.reduce((sum, { count, meanMs }) => sum + ((count / seconds) * meanMs) / 1000, 0);
    const names = long.map(({ route }) => route).join(', ');
    return {
      confidence: old.some((one) => one.oldestActiveMs > thresholds.acquireMs) ? 'high' : 'medium',
      lever: `move the work of ${names} behind a task, a queue or a job, and answer once it is accepted`,
      evidence: [
        `at baseline ${worst.route} kept its session for ${formatMs(worst.p95Ms)} (p95 of ${worst.count}); nobody may wait longer than ${formatMs(thresholds.acquireMs)} for one`,
        `that is ${trim(100 * share, 0)} % of the requests and ${trim(100 * (busyOf(long) / busyOf(routes)), 0)} % of the time that sessions are held`,
        `transactions older than ${formatMs(thresholds.acquireMs)} in ${old.length} samples of the baseline`,
      ],
      confirm: `run the same seed without ${names}: the same pools must serve the rest`,
      whatIf: [
        whatIf(
          run,
          service,
          `without ${names}: ${trim(busyOf(routes) - busyOf(long), 1)} sessions busy at baseline instead of ${trim(busyOf(routes), 1)} (the same claim)`,
          {},
        ),
      ],
    };
  },
} as const satisfies Diagnosis;

interface Hold {
  readonly route: string;
  readonly count: number;
  readonly meanMs: number;
  readonly p95Ms: number;
}

/** How long requests of each route had a session at most, the longest first. */
function holdsIn({ attemptsByPhase }: RunFacts, phase: string): readonly Hold[] {
  const byRoute = new Map<string, number[]>();
  for (const { route, outcome, sentUs, receivedUs, endedUs, acquireUs } of attemptsByPhase.get(phase) ?? []) {
    if (outcome !== 'ok' || endedUs === null) continue;
    const heldMs = (endedUs - (receivedUs ?? sentUs) - (acquireUs ?? 0)) / 1000;
    const known = byRoute.get(route);
    if (known === undefined) byRoute.set(route, [heldMs]);
    else known.push(heldMs);
  }
  return [...byRoute]
    .filter(([, held]) => held.length >= minRequests)
    .map(([route, held]) => ({
      route,
      count: held.length,
      meanMs: held.reduce((sum, ms) => sum + ms, 0) / held.length,
      p95Ms: quantile(held, 0.95) ?? 0,
    }))
    .sort((a, b) => b.p95Ms - a.p95Ms);
}
