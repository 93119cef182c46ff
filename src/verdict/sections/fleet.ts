import { claimOf } from '../../contract/budget.ts';
import { linkSessions } from '../../evidence/sessions.ts';
import type { Step } from '../../evidence/steps.ts';
import type { Facts } from '../facts.ts';
import { instancesPeak } from '../instances-peak.ts';
import { countRefusals } from '../refusal.ts';
import type { Summary } from '../summary.ts';

/** Sessions in Postgres: sampled, bounded and exact, and the service's by revision. */
export function backendsIn(facts: Facts): Summary['backends'] {
  const { samples, uppers, exact, service, evidence, refusals } = facts;
  const sampled = samples.flatMap(({ ok, backends }) => (ok && backends !== null ? [backends] : []));
  const revisions = new Set(
    evidence.events.flatMap((event) =>
      event.kind === 'link' && event.service === service.name ? [event.revision] : [],
    ),
  );
  return {
    peak_sampled: peak(sampled),
    peak_upper: peak(uppers.map(({ high }) => high)),
    peak_exact: exact === null ? null : stepsPeak(exact.steps),
    refused: countRefusals(refusals),
    services: [
      {
        service: service.name,
        revision: null,
        peak_exact: exact === null ? null : stepsPeak(exact.steps),
        claim: claimOf(service),
      },
      ...[...revisions].map((revision) => ({
        service: service.name,
        revision,
        peak_exact: stepsPeak(
          linkSessions(
            evidence.events,
            (event) => event.service === service.name && event.revision === revision,
          ),
        ),
        claim: claimOf(service),
      })),
    ],
  };
}

function stepsPeak(steps: readonly Step[]): number {
  return steps.reduce((most, { count }) => Math.max(most, count), 0);
}

function peak(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value), 0);
}

/** What the supervisor told of instances. */
export function instancesIn(facts: Facts): Summary['instances'] {
  const states = facts.evidence.events.filter(
    (event) => event.kind === 'instance' && event.service === facts.service.name,
  );
  const count = (state: string): number =>
    states.filter((event) => event.kind === 'instance' && event.state === state).length;
  return {
    peak: instancesPeak(facts),
    started: count('starting'),
    failed: count('failed'),
    limit: facts.service.maxInstances,
  };
}
