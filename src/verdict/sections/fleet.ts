import type { Step } from '../../evidence/sessions/steps.ts';
import { sumOfSteps } from '../../evidence/sessions/steps.ts';
import { everyService, seenAs, type Facts } from '../facts.ts';
import { instancesPeak } from '../instances-peak.ts';
import { isTold } from '../platform.ts';
import { countRefusals } from '../refusal.ts';
import type { ServiceFacts } from '../service-facts.ts';
import type { Summary } from '../summary.ts';

type Sessions = Summary['backends']['services'][number];

/** Sessions in Postgres: sampled, bounded and exact, and each service's by revision. */
export function backendsIn(facts: Facts): Summary['backends'] {
  const { samples, uppers, refusals } = facts;
  const sampled = samples.flatMap(({ ok, backends }) => (ok && backends !== null ? [backends] : []));
  const services = everyService(facts);
  return {
    peak_sampled: peak(sampled),
    peak_upper: peak(uppers.map(({ high }) => high)),
    peak_exact: exactPeak(services),
    refused: countRefusals(refusals),
    services: services.flatMap(sessionsOf),
  };
}

/** Of all declared services together; null where one of them was not counted exactly. */
function exactPeak(services: readonly ServiceFacts[]): number | null {
  const counted = services.flatMap(({ exact }) => (exact === null ? [] : [exact.steps]));
  return counted.length < services.length ? null : stepsPeak(sumOfSteps(counted));
}

function sessionsOf({ service, thresholds, exact, perRevision }: ServiceFacts): readonly Sessions[] {
  const own = { service: service.name, claim: thresholds.claim };
  return [
    { ...own, revision: null, peak_exact: exact === null ? null : stepsPeak(exact.steps) },
    ...[...perRevision].map(([revision, steps]) => ({ ...own, revision, peak_exact: stepsPeak(steps) })),
  ].map(({ service: name, revision, peak_exact, claim }) => ({ service: name, revision, peak_exact, claim }));
}

function stepsPeak(steps: readonly Step[]): number {
  return steps.reduce((most, { count }) => Math.max(most, count), 0);
}

function peak(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value), 0);
}

/** What the supervisor told of instances. */
export function instancesIn(facts: Facts): Summary['instances'] {
  const services = everyService(facts).map((one) => ({
    service: one.service.name,
    ...countsOf(seenAs(facts, one)),
  }));
  return { ...countsOf(facts), services };
}

function countsOf(facts: Facts): Omit<Summary['instances'], 'services'> {
  const states = facts.evidence.events.filter(
    (event) => event.kind === 'instance' && event.service === facts.service.name,
  );
  const told = (value: number): number | null => (isTold(facts, 'instances') ? value : null);
  const count = (state: string): number =>
    states.filter((event) => event.kind === 'instance' && event.state === state).length;
  return {
    peak: told(instancesPeak(facts)),
    started: told(count('starting')),
    failed: told(count('failed')),
    limit: facts.service.maxInstances,
  };
}
