import {
  makeCounter,
  ofAttempt,
  ofEvent,
  ofSample,
  type Observation,
} from '../../evidence/conditions/observe.ts';
import type { Condition } from '../../scenario/conditions/condition.ts';
import { metrics } from '../../scenario/conditions/metrics.ts';
import { waitedMs } from '../facts/requests/cohort.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';

/** Everything that a stored run says of a condition's metric, in time order; null where it was not observed. */
export function observationsOf(
  run: RunFacts,
  service: ServiceFacts,
  condition: Condition,
): readonly Observation[] | null {
  const { evidence, samples, requests } = run;
  const { thresholds } = service;
  const { metric } = condition;
  switch (metric) {
    case 'db.backends':
    case 'db.oldest_xact':
      return orNull(
        samples.flatMap(({ ok, tUs, rows }) => (ok ? (ofSample(condition, tUs, rows) ?? []) : [])),
      );
    case 'sampler.gap':
      return orNull(
        run.sampledUs
          .slice(1)
          .map((tUs, index) => ({ tUs, value: (tUs - (run.sampledUs[index] ?? tUs)) / 1000, isHit: true })),
      );
    case 'http.requests':
      return requests.map((request) => {
        const isGood = waitedMs(request) <= thresholds.deadlineMs;
        const isHit = condition.tags.good?.includes(isGood ? 'yes' : 'no') ?? true;
        return { tUs: request.intendedUs, value: 1, isHit };
      });
    case 'http.amplification':
      return requests.map(({ intendedUs, attempts }) => ({ tUs: intendedUs, value: attempts, isHit: true }));
    case 'db.sessions':
    case 'run.instances':
      return countsOf(run, condition);
    case 'db.connects':
    case 'db.refused':
      return isLinked(run) ? evidence.events.flatMap((event) => ofEvent(condition, event) ?? []) : null;
    default:
      return evidence.attempts.flatMap((attempt) => ofAttempt(condition, attempt) ?? []);
  }
}

/** Whether observations of a metric prove an upper limit, or only fail to disprove it. */
export function isSampled({ metric }: Condition): boolean {
  return metrics[metric].kind === 'sampled';
}

function orNull(all: readonly Observation[]): readonly Observation[] | null {
  return all.length === 0 ? null : all;
}

function isLinked({ evidence }: RunFacts): boolean {
  return evidence.events.some(({ kind }) => kind === 'link');
}

const secondUs = 1_000_000;

/** The count after each change, and at every full second of the phases, where it goes on as it was. */
function countsOf(
  { evidence, phases, endUs }: RunFacts,
  condition: Condition,
): readonly Observation[] | null {
  const counter = makeCounter(condition);
  const steps = evidence.events.flatMap((event) => {
    const value = counter.after(event);
    return value === null ? [] : [{ tUs: event.t_us, value, isHit: true }];
  });
  // What lasted no time at all was not there.
  const changes = steps.filter(({ tUs }, index) => steps[index + 1]?.tUs !== tUs);
  if (changes.length === 0) return null;
  const marks = phases.flatMap(({ fromUs, toUs }) => {
    const seconds = Math.max(0, Math.ceil((Math.min(toUs, endUs) - fromUs) / secondUs));
    return Array.from({ length: seconds }, (_, second) => fromUs + second * secondUs);
  });
  let next = 0;
  let held = 0;
  const carried = marks.map((tUs) => {
    for (; (changes[next]?.tUs ?? Infinity) <= tUs; next += 1) held = changes[next]?.value ?? held;
    return { tUs, value: held, isHit: true };
  });
  return [...changes, ...carried].sort((a, b) => a.tUs - b.tUs);
}
