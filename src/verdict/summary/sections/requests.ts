import { floatsOf, roundOrNull } from '../../../base/floats.ts';
import { percentilesOf } from '../../../evidence/latency/percentiles.ts';
import { effectiveRatePerSec } from '../../facts/requests/closed-load.ts';
import { waitedMs } from '../../facts/requests/cohort.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';
import type { Summary } from '../summary.ts';

/** What the arrivals of each phase came to in attempts. */
export function amplificationIn({ amplification }: RunFacts): Summary['amplification'] {
  return amplification.map(({ phase, requests, attempts, retries, client, firstFailed }) => ({
    phase,
    requests,
    attempts,
    retries,
    client: roundOrNull(client),
    first_failed: roundOrNull(firstFailed),
  }));
}

/** What the callers of each phase got: a good answer within the deadline, whichever attempt brought it. */
export function goodputIn(
  { phases, requestsByPhase }: RunFacts,
  { thresholds }: ServiceFacts,
): Summary['goodput'] {
  return phases.map(({ name }) => {
    const requests = requestsByPhase.get(name) ?? [];
    const waitsMs = floatsOf(requests, waitedMs).filter(Number.isFinite);
    const good = waitsMs.filter((ms) => ms <= thresholds.deadlineMs).length;
    return {
      phase: name,
      requests: requests.length,
      good,
      ratio: requests.length === 0 ? null : roundOrNull(good / requests.length),
      request_ms: percentilesOf(waitsMs),
    };
  });
}

/** The phases as planned, and what load the clients of closed ones came to. */
export function phasesIn({ phases, requestsByPhase }: RunFacts): Summary['phases'] {
  return phases.map(({ name, fromUs, toUs, ratePerSec, stress, dispersion, closed }) => ({
    name,
    from_us: fromUs,
    to_us: toUs,
    rate_per_sec: closed === null ? ratePerSec : null,
    dispersion: roundOrNull(dispersion),
    closed:
      closed === null
        ? null
        : {
            clients: closed.clients,
            think_ms: closed.thinkMs,
            effective_per_sec: roundOrNull(effectiveRatePerSec(closed, requestsByPhase.get(name) ?? [])),
          },
    stress,
  }));
}
