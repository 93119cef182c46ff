import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';
import type { Ranked } from '../../diagnoses/shared/rank.ts';
import { countRefusals } from '../../facts/sessions/refusal.ts';
import { biggerServer } from '../../diagnoses/shared/what-if.ts';
import { holdersAt } from './holders.ts';
import type { Incident } from './incident-shape.ts';
import { questionsOf } from './questions.ts';
import { timelineOf } from './timeline.ts';

/** The incident of a run; null where Postgres refused nobody. */
export function incidentOf(run: RunFacts, service: ServiceFacts, ranked: readonly Ranked[]): Incident | null {
  const [first] = run.refusals;
  if (first === undefined) return null;
  return {
    t_us: first.tUs,
    refused: countRefusals(run.refusals),
    kinds: kindsOf(run),
    timeline: timelineOf(run),
    holders: holdersAt(run, first.tUs),
    questions: questionsOf(run, service, ranked, first.tUs),
    what_if: changesOf(run, ranked),
  };
}

function kindsOf({ refusals }: RunFacts): Incident['kinds'] {
  const seen = new Map<string, number>();
  for (const { kind } of refusals) seen.set(kind, (seen.get(kind) ?? 0) + 1);
  return [...seen].map(([kind, count]) => ({ kind, seen: count })).sort((a, b) => b.seen - a.seen);
}

/** Every change once, in the order of the levers; a bigger server comes last, whichever diagnosis proposed it. */
function changesOf(run: RunFacts, ranked: readonly Ranked[]): Incident['what_if'] {
  const changes = new Map<string, Incident['what_if'][number]>();
  const last = biggerServer(run);
  for (const { id, whatIf, confidence } of ranked) {
    if (confidence === 'low') continue;
    for (const one of whatIf)
      if (!changes.has(one.change) && one.change !== last.change) changes.set(one.change, { id, ...one });
  }
  return [...changes.values(), { id: '', ...last }];
}
