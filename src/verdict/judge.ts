import type { Evidence } from '../evidence/evidence.ts';
import { answerOf, applyGuards, overall, type Judged } from './algebra.ts';
import { judgeOwn } from './assertions/own-rules.ts';
import { bounds } from './bounds/bounds.ts';
import { catalogue } from './catalogue.ts';
import { caveatsOf } from './caveats.ts';
import { diagnoses } from './diagnoses/diagnoses.ts';
import { makeFacts, type Facts } from './facts.ts';
import { guards } from './guards/guards.ts';
import { headlineOf } from './headline.ts';
import { incidentOf } from './incident/incident.ts';
import { judgedByOf, type OtherRules } from './judging.ts';
import { mismatchWords, rulesWords } from './leads.ts';
import { lossOf } from './loss.ts';
import { painOf } from './pain.ts';
import { withoutEmulator } from './platform.ts';
import { comparePredictions } from './predictions.ts';
import { provenanceIn } from './provenance.ts';
import { rank, type Ranked } from './rank.ts';
import { boundIn, exerciseIn, guardIn } from './sections/bounds.ts';
import { budgetIn } from './sections/budget.ts';
import { changesIn } from './sections/changes.ts';
import { poolersIn } from './sections/poolers.ts';
import { backendsIn, instancesIn } from './sections/fleet.ts';
import { amplificationIn, goodputIn, phasesIn } from './sections/requests.ts';
import { latencyIn, outcomesIn, scheduleIn } from './sections/traffic.ts';
import type { Summary } from './summary.ts';

/** Judges a stored run, by its own rules or by others. Pure: the same evidence gives the same summary, to the byte. */
export function judge(evidence: Evidence, other: OtherRules | null = null): Summary {
  const facts = makeFacts(evidence);
  const checked = guards.map((guard) => ({ id: guard.id, name: guard.name, result: guard.check(facts) }));
  const judged: readonly Judged[] = [
    ...bounds.map((bound) => ({ bound, result: applyGuards(bound, bound.judge(facts), checked) })),
    ...judgeOwn(facts, checked, other?.rules?.assertions ?? null),
  ];
  const verdict = verdictOf(evidence, judged);
  const latency = latencyIn(evidence);
  const predictions = comparePredictions(facts);
  const ranked = rankedIn(facts, judged);
  const notJudged = catalogue
    .filter(({ id }) => bounds.every((bound) => bound.id !== id))
    .map(({ id, name }) => ({ id, name }));
  const summary: Summary = {
    schema_version: 1,
    name: evidence.run.name,
    started_at: evidence.run.started_at,
    tool_version: evidence.run.tool.version,
    judged_by: judgedByOf(other),
    verdict,
    headline: headlineOf(verdict, facts, judged, checked),
    provenance: provenanceIn(evidence),
    answers: { bounded: answerOf('bounded', judged), fast_failing: answerOf('fast_failing', judged) },
    exercise: exerciseIn(facts, checked),
    budget: budgetIn(facts),
    poolers: poolersIn(facts),
    bounds: judged.map((one) => boundIn(facts, one)),
    not_judged: notJudged,
    validity: checked.map(guardIn),
    diagnosis: ranked.map(diagnosisIn),
    incident: incidentOf(facts, ranked),
    predictions,
    outcomes: outcomesIn(facts),
    latency,
    amplification: amplificationIn(facts),
    goodput: goodputIn(facts),
    backends: backendsIn(facts),
    instances: instancesIn(facts),
    changes: changesIn(facts),
    schedule: scheduleIn(facts),
    phases: phasesIn(facts),
    caveats: [
      ...rulesWords(judgedByOf(other)),
      ...caveatsOf(facts, { verdict, latency, not_judged: notJudged }),
      ...mismatchWords(predictions),
    ],
    ended: { how: evidence.run.ended.how, reason: evidence.run.ended.reason },
  };
  return withoutEmulator(summary, evidence.run.platform);
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

function rankedIn(facts: Facts, judged: readonly Judged[]): readonly Ranked[] {
  const results = new Map(judged.map(({ bound, result }) => [bound.id, result]));
  return rank(diagnoses, { facts, results, pain: painOf(facts, results) });
}

function diagnosisIn({ whatIf, evidence, ...rest }: Ranked): Summary['diagnosis'][number] {
  return { ...rest, evidence: [...evidence], what_if: [...whatIf] };
}
