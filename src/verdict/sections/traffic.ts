import { outcomes, type Outcome } from '../../evidence/attempt.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { latencyByPhase } from '../../evidence/latency.ts';
import type { Facts } from '../facts.ts';
import { roundOrNull } from '../round.ts';
import { quantile } from '../statistics/quantile.ts';
import type { Summary } from '../summary.ts';

/** How attempts ended, phase by phase. */
export function outcomesIn({ phases, attemptsByPhase }: Facts): Summary['outcomes'] {
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

/** Latency by phase and outcome. */
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
export function scheduleIn({ run, attempts }: Evidence): Summary['schedule'] {
  const first = attempts.filter((attempt) => attempt.attempt === 1);
  const sent = first.filter((attempt) => attempt.outcome !== 'dropped');
  const lags = sent.map((attempt) => (attempt.sentUs - attempt.intendedUs) / 1000);
  return {
    hash: run.schedule.hash,
    planned: run.schedule.planned,
    sent: sent.length,
    dropped: first.length - sent.length,
    unfinished: attempts.filter((attempt) => attempt.outcome === 'unfinished').length,
    lag_p99_ms: roundOrNull(quantile(lags, 0.99)),
  };
}
