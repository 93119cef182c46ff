import { formatMs, trim } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import type { PhaseWindow } from '../facts/requests/phase-window.ts';
import { quantile } from '../statistics/quantile.ts';

/*
 * It is the statements that grew, not the number of sessions: by Little's law S = busy / answers per second, and that
 * is at least twice its baseline while the sessions are active, not waiting for locks. Said where something was broken.
 */

export const slowQueries = {
  id: 'D04',
  title: 'slow statements hold sessions',
  question: 'held',
  diagnose: ({ run, service, results }) => {
    const { budget } = run;
    const { thresholds } = service;
    const stress = run.stress[0];
    const calm = calmBefore(run);
    const isBroken = [...results.values()].some(({ status }) => status === 'FAIL');
    if (!isBroken || calm === null || stress === undefined) return null;
    const before = workOf(run, service, calm);
    const under = workOf(run, service, stress);
    if (before === null || under === null) return null;
    if (before.holdMs === 0 || under.holdMs < 2 * before.holdMs) return null;
    // What the statement timeout ends does not get older.
    const isCut = under.activeP95Ms > 0.9 * service.contract.statementTimeoutMs;
    const areSlower = isCut || under.activeP95Ms > 2 * before.activeP95Ms;
    if (under.lockShare > 0.5 || !areSlower) return null;
    return {
      confidence: under.activeP95Ms > thresholds.acquireMs ? 'medium' : 'low',
      lever: 'the statements and the shape of the transactions, before any scaling knob',
      evidence: [
        `a request kept a session busy for ${formatMs(under.holdMs)} under stress and ${formatMs(before.holdMs)} before (${trim(under.holdMs / before.holdMs, 1)} times)`,
        `oldest active statement, p95 of the samples: ${formatMs(under.activeP95Ms)} under stress, ${formatMs(before.activeP95Ms)} before`,
      ],
      confirm: 'pg_stat_statements and EXPLAIN of the statements with the most total time',
      whatIf: [
        {
          change: 'faster statements (the claim stays, fewer sessions are busy)',
          claim: thresholds.claim,
          planned: budget.planned,
          fits: budget.fitsSteady,
        },
      ],
    };
  },
} as const satisfies Diagnosis;

/** The baseline; where it is too short to be one, simply what came before. */
function calmBefore({ baseline, phases }: RunFacts): PhaseWindow | null {
  const first = phases.findIndex(({ stress }) => stress);
  return baseline ?? phases[first - 1] ?? null;
}

interface Work {
  readonly holdMs: number;
  readonly activeP95Ms: number;
  /** Share of the active sessions that wait for a lock. */
  readonly lockShare: number;
}

function workOf(
  { samples, attemptsByPhase }: RunFacts,
  { contract }: ServiceFacts,
  phase: PhaseWindow,
): Work | null {
  const within = samples.filter(({ ok, tUs }) => ok && tUs >= phase.fromUs && tUs < phase.toUs);
  const answers = (attemptsByPhase.get(phase.name) ?? []).filter(
    (attempt) => attempt.outcome === 'ok',
  ).length;
  if (within.length === 0 || answers === 0) return null;
  const rows = within.map((sample) =>
    sample.rows.filter((row) => row.service === contract.name && row.state === 'active'),
  );
  const busy = rows.flat().reduce((sum, row) => sum + row.count, 0);
  const locked = rows.flat().reduce((sum, row) => sum + (row.waitType === 'Lock' ? row.count : 0), 0);
  const oldest = rows.map((each) => each.reduce((most, row) => Math.max(most, row.maxQueryMs ?? 0), 0));
  const answersPerMs = answers / ((phase.toUs - phase.fromUs) / 1000);
  return {
    holdMs: busy / within.length / answersPerMs,
    activeP95Ms: quantile(oldest, 0.95) ?? 0,
    lockShare: busy === 0 ? 0 : locked / busy,
  };
}
