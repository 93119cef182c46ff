import { budgetOf, type Budget } from '../../contract/budget.ts';
import type { ServiceContract } from '../../contract/contract.ts';
import type { Setting } from '../../contract/thresholds.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import type { CanaryEvent, PingEvent } from '../../evidence/event.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { logicalRequests, type LogicalRequest } from '../../evidence/logical-requests.ts';
import { platformTells } from '../../evidence/record/platform-record.ts';
import type { RunRecord } from '../../evidence/run-record.ts';
import { samplesOf, type Sample } from '../../evidence/sessions/samples.ts';
import { upperBounds, type UpperBound } from '../../evidence/sessions/upper-bounds.ts';
import { amplificationOf, type Amplification } from './requests/amplification.ts';
import { coverageNeed, type CoverageNeed } from './sessions/coverage.ts';
import { pingP99Us } from './requests/ping-times.ts';
import { byPhase } from './requests/by-phase.ts';
import { joinSpans } from './stalls/spans.ts';
import { stallsOf, type Stalls } from './stalls/stalls.ts';
import type { Span } from './platform/overlap-windows.ts';
import { lagsOf, type Lags } from './requests/lags.ts';
import { baselineOf, phaseWindows, triggerEndOf, type PhaseWindow } from './requests/phase-window.ts';
import { refusalsOf, type Refusal } from './sessions/refusal.ts';
import { scheduleCounts, type ScheduleCounts } from './requests/schedule-counts.ts';
import { othersSeen, serviceFacts, type ServiceFacts } from './service-facts.ts';

/** A run: its evidence with everything that is derived from it once, so that all parts read the same numbers. */
export interface RunFacts {
  readonly evidence: Evidence;
  /** Of the evidence: what was run, and how it ended. */
  readonly record: RunRecord;
  /** The service that load was sent at. */
  readonly driven: ServiceFacts;
  /** The other declared services of which anything was seen. */
  readonly others: readonly ServiceFacts[];
  readonly budget: Budget;
  /** H: the headroom lines together. */
  readonly headroom: number;
  /** Whether a platform queues requests in front of the instances. */
  readonly frontQueue: boolean;
  /** p99 of the ping before load, null when there was none. */
  readonly pingP99Ms: number | null;
  /** The same during load. It widens no allowance: a path that the load makes long is no property of the place. */
  readonly loadPingP99Ms: number | null;
  readonly phases: readonly PhaseWindow[];
  readonly stress: readonly PhaseWindow[];
  readonly baseline: PhaseWindow | null;
  readonly triggerEndUs: number | null;
  /** From load start to the end of the last phase, or to where observation ended before that; null without load. */
  readonly load: { readonly fromUs: number; readonly toUs: number } | null;
  /** The last moment that anything was observed. */
  readonly endUs: number;
  readonly samples: readonly Sample[];
  /** Times of the samples that worked. */
  readonly sampledUs: readonly number[];
  readonly need: CoverageNeed;
  readonly uppers: readonly UpperBound[];
  readonly refusals: readonly Refusal[];
  readonly canaries: readonly CanaryEvent[];
  /** The times of the server log's lines; null when there was no log. */
  readonly loggedUs: readonly number[] | null;
  /** How late the generator was, calibrations included. */
  readonly lags: Lags;
  readonly sent: ScheduleCounts;
  readonly attemptsByPhase: ReadonlyMap<string, readonly Attempt[]>;
  /** The attempts that did not end well, as few as they mostly are: who asks for failures need not look at all. */
  readonly notOk: readonly Attempt[];
  /** What the callers saw: arrivals with their retries, in the order of their first attempts. */
  readonly requests: readonly LogicalRequest[];
  readonly requestsByPhase: ReadonlyMap<string, readonly LogicalRequest[]>;
  readonly amplification: readonly Amplification[];
  /** When something that is not the service could not run. */
  readonly stalls: Stalls;
  /** Times that this view of the run leaves out; null in the run as it was. */
  readonly setAside: readonly Span[] | null;
}

/** What follows from the attempts. */
type RequestFacts = Pick<
  RunFacts,
  'lags' | 'sent' | 'attemptsByPhase' | 'notOk' | 'requests' | 'requestsByPhase' | 'amplification'
>;

/** The width of verdict windows. */
const windowMs = 10_000;

/** Every declared service that was observed, the one that load was sent at first. */
export function everyService({ driven, others }: RunFacts): readonly ServiceFacts[] {
  return [driven, ...others];
}

/** Derives everything that bounds, guards and diagnoses share. */
export function runFacts(evidence: Evidence): RunFacts {
  const { run, events } = evidence;
  const service = serviceOf(evidence);
  const budget = budgetOf(run.contract, run.limits);
  const { frontQueue } = platformTells(run.platform);
  const stalls = stallsOf(evidence);
  const pings = pingsOf(evidence, stalls);
  const setting: Setting = {
    headroom: budget.headroom,
    limits: run.limits,
    sampleEveryMs: run.sampling.every_ms,
    pingP99Ms: pings.pingP99Ms ?? 0,
    frontQueue,
    startupMs: meanStartupMs(evidence),
    deadlineMs: run.client.deadline_ms,
    windowMs,
  };
  const phases = phaseWindows(run);
  const samples = samplesOf(evidence);
  const endUs = lastSeenUs(evidence);
  const driven = serviceFacts(evidence, service, setting, endUs);
  const { thresholds } = driven;
  const loggedUs = events.flatMap((event) => (event.kind === 'log' ? [event.t_us] : []));
  return {
    driven,
    evidence,
    record: run,
    others: othersSeen(evidence, service).map((other) => serviceFacts(evidence, other, setting, endUs)),
    budget,
    headroom: budget.headroom,
    frontQueue,
    ...pings,
    phases,
    stress: phases.filter((phase) => phase.stress),
    baseline: baselineOf(phases),
    triggerEndUs: triggerEndOf(phases),
    load: loadWindow(phases, endUs),
    endUs,
    samples,
    sampledUs: samples.filter((sample) => sample.ok).map((sample) => sample.tUs),
    need: coverageNeed({
      everyMs: run.sampling.every_ms,
      acquireMs: thresholds.acquireMs,
      tauCloseMs: thresholds.tauCloseMs,
      stalledShare: sleptShare(stalls, phases, thresholds.tauCloseMs, endUs),
    }),
    uppers: upperBounds(samples),
    refusals: refusalsOf(evidence),
    canaries: events.filter((event) => event.kind === 'canary'),
    loggedUs: loggedUs.length === 0 ? null : loggedUs,
    ...requestFacts(evidence, phases),
    stalls,
    setAside: null,
  };
}

/** The same run with other attempts and logins in its evidence; what Postgres and the platform told stays. */
export function viewOf(run: RunFacts, evidence: Evidence): RunFacts {
  const canaries = evidence.events.filter((event) => event.kind === 'canary');
  return { ...run, evidence, canaries, ...requestFacts(evidence, run.phases) };
}

function requestFacts(evidence: Evidence, phases: readonly PhaseWindow[]): RequestFacts {
  const attemptsByPhase = byPhase(evidence.attempts);
  const requests = logicalRequests(evidence.attempts);
  const requestsByPhase = byPhase(requests);
  return {
    lags: lagsOf(evidence),
    sent: scheduleCounts(evidence),
    attemptsByPhase,
    notOk: evidence.attempts.filter(({ outcome }) => outcome !== 'ok'),
    requests,
    requestsByPhase,
    amplification: amplificationOf({ phases, requestsByPhase, attemptsByPhase }),
  };
}

function serviceOf({ run }: Evidence): ServiceContract {
  const [first] = run.contract.services;
  return run.contract.services.find((service) => service.name === run.platform.service) ?? first;
}

/** The share of the worst phase in which the sampler slept for so long that there is a hole. */
function sleptShare(
  stalls: Stalls,
  phases: readonly PhaseWindow[],
  tauCloseMs: number,
  endUs: number,
): number {
  const long = joinSpans(
    stalls.spansOf('samples').all.filter(({ fromUs, toUs }) => toUs - fromUs > 500 * tauCloseMs),
  );
  return phases
    .filter(({ fromUs }) => fromUs < endUs)
    .reduce((most, { fromUs, toUs }) => Math.max(most, long.within(fromUs, toUs) / (toUs - fromUs)), 0);
}

function pingsOf(evidence: Evidence, stalls: Stalls): Pick<RunFacts, 'pingP99Ms' | 'loadPingP99Ms'> {
  return {
    pingP99Ms: worstPingMs(evidence, stalls, undefined),
    loadPingP99Ms: worstPingMs(evidence, stalls, 'load'),
  };
}

function worstPingMs({ events }: Evidence, stalls: Stalls, during: PingEvent['during']): number | null {
  const pings = events.flatMap((event) =>
    event.kind === 'ping' && event.during === during ? [pingP99Us(event, stalls) / 1000] : [],
  );
  return pings.length === 0 ? null : Math.max(...pings);
}

function meanStartupMs({ events }: Evidence): number {
  const starts = events.flatMap((event) =>
    event.kind === 'instance' && event.startup_us !== undefined ? [event.startup_us / 1000] : [],
  );
  return starts.length === 0 ? 0 : starts.reduce((sum, ms) => sum + ms, 0) / starts.length;
}

function lastSeenUs({ run, attempts, events }: Evidence): number {
  let lastUs = run.ended.at_us ?? events.at(-1)?.t_us ?? 0;
  if (run.ended.at_us !== null) return lastUs;
  for (const { sentUs, endedUs } of attempts) lastUs = Math.max(lastUs, endedUs ?? sentUs);
  return lastUs;
}

function loadWindow(phases: readonly PhaseWindow[], endUs: number): RunFacts['load'] {
  const fromUs = phases[0]?.fromUs;
  const toUs = phases.at(-1)?.toUs;
  if (fromUs === undefined || toUs === undefined) return null;
  return { fromUs, toUs: Math.max(fromUs, Math.min(toUs, endUs)) };
}
