import { formatMs, trim } from '../../base/units.ts';
import { closedNames } from '../facts/requests/closed-load.ts';
import { everyService, type RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { platformCaveats } from './platform.ts';
import { upperShareAfterNone } from '../statistics/detection.ts';
import type { Summary } from './summary.ts';

/** What the reader must know of this run's limits, the most general first. */
export function caveatsOf(
  run: RunFacts,
  service: ServiceFacts,
  { verdict, latency }: Pick<Summary, 'verdict' | 'latency'>,
): string[] {
  return [
    ...platformCaveats(run.record.platform),
    ...oneRun(verdict),
    `not tested in this run: ${untested(run)}`,
    detectability(run, service),
    ...overcommit(run),
    ...closedPhases(run),
    ...droppedRetries(run),
    ...nonsense(run),
    ...aroundLink(service),
    ...assumed(run),
    ...thinPercentiles(latency),
    ...unfinished(run),
    ...run.evidence.gaps.map((gap) => `not readable: ${gap}`),
  ];
}

/** What this run did not do to the services. */
function untested(run: RunFacts): string {
  const { events } = run.evidence;
  const rollout = everyService(run).some(({ overlaps }) => overlaps.length > 0);
  const faults = events.some((event) => event.kind === 'fault' && !/^(revision|service)\./.test(event.fault));
  const retries = run.evidence.attempts.some(({ attempt }) => attempt > 1);
  const missing = [
    ...(rollout ? [] : ['rollout overlap']),
    ...(faults ? [] : ['faults']),
    ...(retries ? [] : ['retries']),
  ];
  const [last] = missing.splice(-1);
  if (last === undefined) return 'any other mix of requests than this one';
  const listed = missing.length === 0 ? last : `${missing.join(', ')} and ${last}`;
  return `${listed}, nor any other mix of requests than this one`;
}

/** Where nobody chose the rate. */
function closedPhases({ phases }: RunFacts): string[] {
  const names = closedNames(phases);
  if (names === null) return [];
  return [
    `${names}: closed, the service sets its own load: a slower service is asked less, so its latency and goodput say less than those of an open phase, and recovery can't be judged by them`,
  ];
}

function droppedRetries({ amplification }: RunFacts): string[] {
  const dropped = amplification.reduce((sum, one) => sum + one.retriesDropped, 0);
  return dropped === 0
    ? []
    : [
        `${dropped} retries were not sent because too many attempts were in flight: the storm was larger than shown`,
      ];
}

/** What the service told in numbers that can't be. */
function nonsense({ evidence }: RunFacts): string[] {
  const count = evidence.events.reduce(
    (sum, event) => sum + (event.kind === 'generator' ? (event.nonsense ?? 0) : 0),
    0,
  );
  return count === 0
    ? []
    : [
        `${count} numbers in headers of answers make no sense (server-timing, retry-after): they count as not told`,
      ];
}

/** A run without a violation says little of the next one. */
function oneRun(verdict: Summary['verdict']): string[] {
  if (verdict !== 'PASS' && verdict !== 'DEGRADED') return [];
  const upper = trim(100 * upperShareAfterNone(1), 0);
  return [
    `1 of 1: one clean run alone leaves a chance of violation of up to ${upper} % (at 95 % confidence); 14 leave 20 %`,
  ];
}

/** What samples can't see, and what their silence says. */
function detectability({ sampledUs, record }: RunFacts, { exact }: ServiceFacts): string {
  const share = trim(100 * upperShareAfterNone(sampledUs.length), 2);
  const what = `an excess shorter than the sampling period of ${formatMs(record.sampling.every_ms)} is seen with probability length / period; ${sampledUs.length} clean samples bound the share of time in excess by ${share} %`;
  if (exact === null) return `sampled only: ${what}`;
  const who = exact.source === 'link' ? 'the links' : 'the server log';
  return `the service's sessions were counted exactly by ${who}; for all others, ${what}`;
}

function overcommit({ record, budget }: RunFacts): string[] {
  if (!record.accept_overcommit || budget.fitsSteady) return [];
  return [
    `the declared budget does not fit (${budget.planned} planned, ${budget.usable} usable): overcommitment was accepted, and no verdict changes by it`,
  ];
}

function aroundLink({ exact }: ServiceFacts): string[] {
  if (exact === null || exact.aroundLink === 0) return [];
  return [
    `${exact.aroundLink} sessions of the service's role went around the links: the server log was used instead`,
  ];
}

function assumed({ record }: RunFacts): string[] {
  const names = record.contract.assumed;
  return names.length === 0 ? [] : [`not declared, so defaults were used: ${names.join(', ')}`];
}

function thinPercentiles(latency: Summary['latency']): string[] {
  const thin = latency.filter((row) => row.response_ms.p99 === null);
  if (thin.length === 0) return [];
  return [
    `no p99 from fewer than 100 answers: ${thin.map((row) => `${row.phase} ${row.outcome} (${row.n})`).join(', ')}`,
  ];
}

function unfinished({ record }: RunFacts): string[] {
  const { how, reason } = record.ended;
  return how === 'completed'
    ? []
    : [
        `the run did not complete (${how}${reason === null ? '' : `: ${reason}`}): later phases are missing or cut`,
      ];
}
