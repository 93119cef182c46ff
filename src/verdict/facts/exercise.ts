import { timeAtLeast } from '../../evidence/sessions/steps.ts';
import { clientsRetry } from './requests/amplification.ts';
import { instancesPeak } from './sessions/peaks.ts';
import type { RunFacts } from './run-facts.ts';
import type { ServiceFacts } from './service-facts.ts';
import type { PhaseWindow } from './requests/phase-window.ts';
import { countRefusals } from './sessions/refusal.ts';
import { togetherUs } from './platform/revisions.ts';
import { isTold } from './platform/told.ts';

/** How hard the stress phases pressed on the service. */
export interface Exercise {
  /** Share of the stress time with the sessions at their level or above; null where that is unknown. */
  readonly saturatedRatio: number | null;
  readonly level: { readonly sessions: number; readonly of: 'the claim' | 'the usable slots' };
  /** Connections that Postgres refused. */
  readonly refused: number;
  /** How long two revisions held sessions at once, in microseconds; null without a rollout, or where nothing tells. */
  readonly togetherUs: number | null;
  /** Null where the platform does not tell. */
  readonly peakInstances: number | null;
  /** Offered in the stress phases against the baseline; null without a baseline, or where the service sets the load. */
  readonly loadRatio: number | null;
  /** Share of the first attempts in the stress phases that failed; null where clients don't retry. */
  readonly stormFailedRatio: number | null;
}

export function exerciseOf(run: RunFacts, service: ServiceFacts): Exercise {
  const { stress, refusals } = run;
  const { thresholds } = service;
  const ceiling = Math.min(thresholds.claim, thresholds.usable);
  const sessions = Math.ceil(0.9 * ceiling);
  return {
    saturatedRatio: saturatedRatio(run, service, stress, sessions),
    level: { sessions, of: thresholds.claim <= thresholds.usable ? 'the claim' : 'the usable slots' },
    refused: countRefusals(refusals),
    togetherUs: service.overlaps.length === 0 ? null : togetherUs(service),
    peakInstances: isTold(run, 'instances') ? instancesPeak(service) : null,
    loadRatio: loadRatio(run),
    stormFailedRatio: stormFailedRatio(run),
  };
}

/** Exactly, where every session was counted; otherwise the share of samples, which estimates the share of time. */
function saturatedRatio(
  run: RunFacts,
  service: ServiceFacts,
  stress: readonly PhaseWindow[],
  level: number,
): number | null {
  const reached = stress
    .filter((phase) => phase.fromUs < run.endUs)
    .map((phase) => ({ fromUs: phase.fromUs, toUs: Math.min(phase.toUs, run.endUs) }));
  const lengthUs = reached.reduce((sum, phase) => sum + phase.toUs - phase.fromUs, 0);
  if (lengthUs === 0) return null;
  if (service.exact !== null) {
    const { steps } = service.exact;
    return (
      reached.reduce((sum, phase) => sum + timeAtLeast(steps, level, phase.fromUs, phase.toUs), 0) / lengthUs
    );
  }
  const seen = run.samples.filter(
    ({ ok, tUs }) => ok && reached.some((phase) => tUs >= phase.fromUs && tUs < phase.toUs),
  );
  const full = seen.filter(
    ({ rows }) =>
      rows.reduce((sum, row) => sum + (row.service === service.contract.name ? row.count : 0), 0) >= level,
  );
  return seen.length === 0 ? null : full.length / seen.length;
}

function loadRatio({ stress, baseline }: RunFacts): number | null {
  const lengthUs = stress.reduce((sum, phase) => sum + phase.toUs - phase.fromUs, 0);
  if (baseline === null || baseline.ratePerSec === 0 || lengthUs === 0) return null;
  if (stress.some(({ closed }) => closed !== null)) return null;
  const arrivals = stress.reduce((sum, phase) => sum + phase.ratePerSec * (phase.toUs - phase.fromUs), 0);
  return arrivals / lengthUs / baseline.ratePerSec;
}

function stormFailedRatio(run: RunFacts): number | null {
  if (!clientsRetry(run.record)) return null;
  const stressed = new Set(run.stress.map(({ name }) => name));
  const storms = run.amplification.filter(({ phase }) => stressed.has(phase));
  const requests = storms.reduce((sum, storm) => sum + storm.requests, 0);
  const failed = storms.reduce((sum, storm) => sum + storm.requests * (storm.firstFailed ?? 0), 0);
  return requests === 0 ? null : failed / requests;
}
