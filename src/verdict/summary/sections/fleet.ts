import { type Step, sumOfSteps } from '../../../evidence/sessions/steps.ts';
import { everyService, type RunFacts } from '../../facts/run-facts.ts';
import { isTold } from '../../facts/platform/told.ts';
import { instancesPeak } from '../../facts/sessions/peaks.ts';
import { countRefusals } from '../../facts/sessions/refusal.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';
import type { Summary } from '../summary.ts';

type Sessions = Summary['backends']['services'][number];

/** Sessions in Postgres: sampled, bounded and exact, and each service's by revision. */
export function backendsIn(run: RunFacts): Summary['backends'] {
  const { samples, uppers, refusals } = run;
  const sampled = samples.flatMap(({ ok, backends }) => (ok && backends !== null ? [backends] : []));
  const services = everyService(run);
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

function sessionsOf({ contract, thresholds, exact, perRevision }: ServiceFacts): readonly Sessions[] {
  const own = { service: contract.name, claim: thresholds.claim };
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
export function instancesIn(run: RunFacts, service: ServiceFacts): Summary['instances'] {
  const services = everyService(run).map((one) => ({
    service: one.contract.name,
    ...countsOf(run, one),
  }));
  return { ...countsOf(run, service), services };
}

function countsOf(run: RunFacts, service: ServiceFacts): Omit<Summary['instances'], 'services'> {
  const states = run.evidence.events.filter(
    (event) => event.kind === 'instance' && event.service === service.contract.name,
  );
  const told = (value: number): number | null => (isTold(run, 'instances') ? value : null);
  const count = (state: string): number =>
    states.filter((event) => event.kind === 'instance' && event.state === state).length;
  return {
    peak: told(instancesPeak(service)),
    started: told(count('starting')),
    failed: told(count('failed')),
    limit: service.contract.maxInstances,
  };
}
