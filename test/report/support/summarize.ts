import { guards } from '../../../src/verdict/guards/guards.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { linkCounts, linkSessions } from '../../../src/evidence/sessions/sessions.ts';
import { latencyByPhase } from '../../../src/evidence/latency/latency.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { provenanceIn } from '../../../src/verdict/summary/provenance.ts';
import { runFacts } from '../../../src/verdict/facts/run-facts.ts';
import { incidentOf } from '../../../src/verdict/summary/incident/incident.ts';
import { amplificationIn, goodputIn, phasesIn } from '../../../src/verdict/summary/sections/requests.ts';
import { brokenBounds, safeBounds } from './bounds.ts';
import type { Shape } from './shapes.ts';

/** A verdict on a made-up run: its counts come from the evidence, its judgements are written down. */
export function summarize(evidence: Evidence, shape: Shape): Summary {
  const claim = shape.maxInstances * shape.poolMax;
  const isBroken = claim > shape.maxConnections;
  const { run, attempts, events } = evidence;
  const loadStartUs = run.load_start_us ?? 0;
  const facts = runFacts(evidence);
  const peak = linkSessions(events).reduce((most, step) => Math.max(most, step.count), 0);
  const { refused } = linkCounts(events);
  const count = (outcome: string): number => attempts.filter((attempt) => attempt.outcome === outcome).length;
  return {
    schema_version: 1,
    name: run.name,
    started_at: run.started_at,
    tool_version: run.tool.version,
    judged_by: { contract: null, rules: null },
    verdict: isBroken ? 'FAIL' : 'PASS',
    headline: isBroken
      ? `Postgres refused ${refused} connections and the headroom was invaded, 0.9 s into burst.`
      : `${peak} sessions at most against a claim of ${claim}; what was too much was refused within 1.1 s.`,
    provenance: provenanceIn(evidence),
    answers: { bounded: isBroken ? 'no' : 'yes', fast_failing: 'yes' },
    exercise: {
      statement: `Pools saturated 84 % of burst, ${shape.instances} of ${shape.maxInstances} instances.`,
      exercised: true,
      saturated_ratio: 0.84,
      peak_instances: shape.instances,
    },
    budget: {
      max_connections: shape.maxConnections,
      reserved: 3,
      usable: shape.maxConnections - 3,
      headroom: 30,
      claim,
      claim_overlap: 2 * claim,
      planned: claim + 30,
      fits: !isBroken,
      accepted_overcommit: isBroken,
      sum: `${shape.maxInstances} instances × 1 worker × ${shape.poolMax} sessions = ${claim}; with 30 of headroom ${claim + 30} of ${shape.maxConnections - 3} usable`,
      services: [{ service: 'api', claim, claim_overlap: 2 * claim }],
    },
    poolers: [],
    bounds: isBroken ? brokenBounds(loadStartUs, refused, peak) : safeBounds(peak),
    validity: [
      guard('V01', 'generator-lag', 1.8, 50, 'ms', 'lag p99 1.8 ms over 5,100 arrivals', ['B11', 'B22']),
      guard('V02', 'complete-records', 1, 0.999, 'ratio', 'every attempt that was sent is recorded', ['B11']),
      guard('V03', 'sampler-coverage', 0.998, 0.99, 'ratio', '1,498 of 1,500 samples', ['B01', 'B03']),
    ],
    diagnosis: isBroken ? [widthDiagnosis] : [],
    incident: isBroken ? incidentOf(facts, facts.driven, []) : null,
    predictions: [
      {
        id: 'peak-sessions',
        statement: 'sessions at the peak: min(N × W × P, usable)',
        phase: 'burst',
        predicted: Math.min(claim, 97),
        measured: peak,
        ratio: peak / Math.min(claim, 97),
        band: null,
        unit: 'sessions',
        match: 'match',
        provenance: 'observed',
      },
      {
        id: 'ok-p50',
        statement: 'response p50: acquire timeout + hold',
        phase: 'burst',
        predicted: 1020,
        measured: 240,
        ratio: 0.235,
        band: null,
        unit: 'ms',
        match: 'mismatch',
        provenance: 'emulated',
      },
    ],
    outcomes: run.phases.map(({ name }) => ({ phase: name, counts: countsOf(evidence, name) })),
    latency: latencyByPhase(attempts).map(({ phase, outcome, n, responseMs, serviceMs }) => ({
      phase,
      outcome,
      n,
      response_ms: responseMs,
      service_ms: serviceMs,
    })),
    amplification: amplificationIn(facts),
    goodput: goodputIn(facts, facts.driven),
    backends: {
      peak_sampled: peak,
      peak_upper: peak + 2,
      peak_exact: peak,
      refused,
      services: [null, 'api-00001'].map((revision) => ({
        service: 'api',
        revision,
        peak_exact: peak,
        claim,
      })),
    },
    instances: {
      peak: shape.instances,
      started: shape.instances,
      failed: 0,
      limit: shape.maxInstances,
      services: [
        {
          service: 'api',
          peak: shape.instances,
          started: shape.instances,
          failed: 0,
          limit: shape.maxInstances,
        },
      ],
    },
    changes: [],
    schedule: {
      hash: run.schedule.hash,
      planned: attempts.length,
      sent: attempts.length - count('dropped'),
      dropped: count('dropped'),
      closed: null,
      retries: 0,
      retries_dropped: 0,
      unfinished: count('unfinished'),
      lag_p99_ms: 1.8,
      retry_lag_p99_ms: null,
    },
    phases: phasesIn(facts),
    caveats: [
      'No rollout in this run: two revisions were never alive at once.',
      'Local evidence: the emulator keeps the caps and timeouts of Cloud Run, not its autoscaler’s timing.',
    ],
    ended: { how: 'completed', reason: null },
  };
}

const widthDiagnosis: Summary['diagnosis'][number] = {
  id: 'D02',
  title: 'The fleet expands into database pain',
  confidence: 'high',
  lever: 'Lower max instances from 30 to 6.',
  evidence: [
    'At the first refusal 10 instances held 97 sessions: every one within its pool of 10.',
    'Sessions follow instances (correlation 0.98), and 30 × 10 + 30 = 330 exceeds 97.',
  ],
  confirm: 'Run the same schedule with max_instances: 6: no connection is refused.',
  what_if: [
    { change: 'max_instances: 6', claim: 60, planned: 90, fits: true },
    { change: 'app_pool_max: 2', claim: 60, planned: 90, fits: true },
    { change: 'container_concurrency: 40', claim: 300, planned: 330, fits: false },
  ],
};

function guard(
  id: string,
  name: string,
  value: number,
  limit: number,
  unit: string,
  reason: string,
  affects: string[],
): Summary['validity'][number] {
  return {
    id,
    name,
    ok: true,
    value,
    limit,
    unit,
    reason,
    affects,
    provenance: guards.find((one) => one.id === id)?.provenance ?? 'observed',
  };
}

function countsOf({ attempts }: Evidence, phase: string): Summary['outcomes'][number]['counts'] {
  const counts: Summary['outcomes'][number]['counts'] = {};
  for (const attempt of attempts)
    if (attempt.phase === phase) counts[attempt.outcome] = (counts[attempt.outcome] ?? 0) + 1;
  return counts;
}
