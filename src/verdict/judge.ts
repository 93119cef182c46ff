import type { Evidence } from '../evidence/evidence.ts';
import { answerOf, applyGuards, overall, type Checked, type Judged, type Results } from './bounds/algebra.ts';
import { judgeOwn } from './assertions/own-rules.ts';
import { bounds } from './bounds/bounds.ts';
import { applyLosses, applyOwnLosses } from './bounds/losses.ts';
import type { BoundResult } from './bounds/shared/bound.ts';
import { judgeAside } from './bounds/set-aside.ts';
import { caveatsOf } from './summary/caveats.ts';
import { diagnoses } from './diagnoses/diagnoses.ts';
import { ownLossesIn } from './facts/platform/own-losses.ts';
import { runFacts, type RunFacts } from './facts/run-facts.ts';
import type { ServiceFacts } from './facts/service-facts.ts';
import { viewsOf, type Views } from './facts/stalls/views.ts';
import { checkAside } from './guards/check-aside.ts';
import { guards } from './guards/guards.ts';
import { headlineOf } from './summary/headline.ts';
import { incidentOf } from './summary/incident/incident.ts';
import { judgedByOf, type OtherRules } from './other-rules.ts';
import { mismatchWords, rulesWords } from './summary/leads.ts';
import { lossOf } from './summary/verdict-word.ts';
import { painOf } from './diagnoses/shared/pain.ts';
import { withoutEmulator } from './summary/platform.ts';
import { comparePredictions } from './summary/predictions.ts';
import { provenanceIn } from './summary/provenance.ts';
import { rank, type Ranked } from './diagnoses/shared/rank.ts';
import { boundIn, exerciseIn, guardIn } from './summary/sections/bounds.ts';
import { budgetIn } from './summary/sections/budget.ts';
import { changesIn } from './summary/sections/changes.ts';
import { poolersIn } from './summary/sections/poolers.ts';
import { backendsIn, instancesIn } from './summary/sections/fleet.ts';
import { amplificationIn, goodputIn, phasesIn } from './summary/sections/requests.ts';
import { latencyIn, outcomesIn, scheduleIn } from './summary/sections/traffic.ts';
import type { Summary } from './summary/summary.ts';

/** Judges a stored run, by its own rules or by others. Pure: the same evidence gives the same summary, to the byte. */
export function judge(evidence: Evidence, other: OtherRules | null = null): Summary {
  const run = runFacts(evidence);
  const { driven } = run;
  const views = viewsOf(run);
  const checked = guards.map((guard) => ({
    id: guard.id,
    name: guard.name,
    provenance: guard.provenance,
    result: checkAside(guard, run, views),
  }));
  const judged = judgedIn(run, views, checked, other);
  const verdict = verdictOf(evidence, judged);
  const latency = latencyIn(evidence);
  const predictions = comparePredictions(run, driven);
  const ranked = rankedIn(run, driven, judged);
  const summary: Summary = {
    schema_version: 1,
    name: evidence.run.name,
    started_at: evidence.run.started_at,
    tool_version: evidence.run.tool.version,
    judged_by: judgedByOf(other),
    verdict,
    headline: headlineOf(verdict, run, driven, judged, checked),
    provenance: provenanceIn(evidence),
    answers: { bounded: answerOf('bounded', judged), fast_failing: answerOf('fast_failing', judged) },
    exercise: exerciseIn(run, driven, checked),
    budget: budgetIn(run),
    poolers: poolersIn(run),
    bounds: judged.map((one) => boundIn(run, one)),
    validity: checked.map(guardIn),
    diagnosis: ranked.map(diagnosisIn),
    incident: incidentOf(run, driven, ranked),
    predictions,
    outcomes: outcomesIn(run),
    latency,
    amplification: amplificationIn(run),
    goodput: goodputIn(run, driven),
    backends: backendsIn(run),
    instances: instancesIn(run, driven),
    changes: changesIn(run),
    schedule: scheduleIn(run),
    phases: phasesIn(run),
    caveats: [
      ...rulesWords(judgedByOf(other)),
      ...caveatsOf(run, driven, { verdict, latency }),
      ...mismatchWords(predictions),
    ],
    ended: { how: evidence.run.ended.how, reason: evidence.run.ended.reason },
  };
  return withoutEmulator(summary, evidence.run.platform);
}

/** Every bound and every rule of the run's own: first by what stalls of ours touched, then by guards and losses. */
function judgedIn(
  run: RunFacts,
  views: Views | null,
  checked: readonly Checked[],
  other: OtherRules | null,
): readonly Judged[] {
  const { driven, evidence } = run;
  const ours = bounds.map((bound) => {
    const judgeView = (view: RunFacts): BoundResult => bound.judge(view, driven);
    return { bound, result: applyGuards(bound, judgeAside(bound, judgeView, run, views), checked) };
  });
  const own = judgeOwn(run, views, checked, other?.rules?.assertions ?? null);
  const ownLosses = ownLossesIn(evidence);
  return [...ours, ...own].map(({ bound, result }) => ({
    bound,
    result: applyOwnLosses(bound, applyLosses(bound, result, evidence.losses ?? []), ownLosses),
  }));
}

/**
 * How a run ended comes before what it showed: a part of a run proves no PASS. Its FAILs stay visible, and where
 * evidence was lost they are all that is left.
 */
function verdictOf(evidence: Evidence, judged: readonly Judged[]): Summary['verdict'] {
  const { how } = evidence.run.ended;
  if (how === 'interrupted' || how === 'running') return 'INTERRUPTED';
  if (how === 'aborted') return 'ABORTED';
  const word = overall(judged);
  return lossOf(evidence) !== null && word !== 'FAIL' ? 'INCONCLUSIVE' : word;
}

function rankedIn(run: RunFacts, service: ServiceFacts, judged: readonly Judged[]): readonly Ranked[] {
  const results: Results = new Map(judged.map(({ bound, result }) => [bound.id, result]));
  return rank(diagnoses, { run, service, results, pain: painOf(run, service, results) });
}

function diagnosisIn(found: Ranked): Summary['diagnosis'][number] {
  const { id, title, confidence, lever, evidence, confirm, whatIf } = found;
  return { confidence, lever, confirm, id, title, evidence: [...evidence], what_if: [...whatIf] };
}
