import { outcomes, type Outcome } from '../../../evidence/attempt.ts';
import type { Evidence } from '../../../evidence/evidence.ts';
import { latencyByPhase } from '../../../evidence/latency/latency.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import { roundOrNull } from '../../../base/floats.ts';
import { sortedQuantile } from '../../statistics/quantile.ts';
import type { Summary } from '../summary.ts';

/** How attempts ended, retries included, by the phase of their arrival. */
export function outcomesIn({ phases, attemptsByPhase }: RunFacts): Summary['outcomes'] {
  return phases.map(({ name }) => {
    const seen = new Map<Outcome, number>();
    for (const { outcome } of attemptsByPhase.get(name) ?? [])
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    const counts: Summary['outcomes'][number]['counts'] = {};
    for (const outcome of outcomes) {
      const count = seen.get(outcome);
      if (count !== undefined) counts[outcome] = count;
    }
    return { phase: name, counts };
  });
}

/** Latency of attempts by phase and outcome. */
export function latencyIn({ attempts }: Evidence): Summary['latency'] {
  return latencyByPhase(attempts).map(({ phase, outcome, n, responseMs, serviceMs }) => ({
    phase,
    outcome,
    n,
    response_ms: { ...responseMs },
    service_ms: { ...serviceMs },
  }));
}

/** What was planned and what became of it. */
export function scheduleIn({
  evidence,
  notOk,
  sent: { scheduled, closed },
  lags,
}: RunFacts): Summary['schedule'] {
  const { run: record, attempts } = evidence;
  const { lagsMs, retryLagsMs } = lags;
  const again = attempts.filter(({ attempt }) => attempt > 1);
  const retries = again.filter(({ outcome }) => outcome !== 'dropped').length;
  return {
    hash: record.schedule.hash,
    planned: record.schedule.planned,
    sent: scheduled.sent,
    dropped: scheduled.dropped,
    closed: closed === null ? null : { sent: closed.sent, dropped: closed.dropped },
    retries,
    retries_dropped: again.length - retries,
    unfinished: notOk.filter(({ outcome }) => outcome === 'unfinished').length,
    lag_p99_ms: roundOrNull(sortedQuantile(lagsMs, 0.99)),
    retry_lag_p99_ms: roundOrNull(sortedQuantile(retryLagsMs, 0.99)),
  };
}
