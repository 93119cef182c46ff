import { trim } from '../../base/units.ts';
import { readySteps } from '../../evidence/sessions/instances.ts';
import { countAt } from '../../evidence/sessions/steps.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { Facts } from '../facts/run-facts.ts';
import { isDeep, shapeOf, type Pain } from './shared/pain.ts';
import { correlation } from '../statistics/correlation.ts';
import { biggerServer, fittingInstances, narrower, narrowerAndShallower, shallower } from './shared/what-if.ts';

/*
 * Each instance is reasonable by itself and the fleet's sum is not: N x W x P + H is more than the server has, and the
 * sessions grew with the instances until the database refused. Width multiplies everything else.
 */

export const fleetWidth: Diagnosis = {
  id: 'D02',
  title: 'the fleet expands into database pain',
  diagnose: ({ facts, pain }) => {
    if (pain === null || !isTooWide(facts)) return null;
    const { service } = facts;
    const { width } = shapeOf(facts);
    const together = growthTogether(facts);
    const isWide = width >= 0.9 || (!isDeep(facts, pain) && (together === null || together > 0.9));
    const instances = fittingInstances(facts);
    return {
      confidence: isWide && facts.exact?.source === 'link' ? 'high' : 'medium',
      lever:
        instances >= 1
          ? `lower max instances from ${service.maxInstances} to ${instances}`
          : `lower max instances below ${service.maxInstances}, and the pool max below ${service.poolMax}`,
      evidence: evidenceOf(facts, pain, together),
      confirm: `run the same seed with max instances ${Math.max(1, instances)}: the refusals must be gone`,
      whatIf: [narrower(facts), shallower(facts), ...narrowerAndShallower(facts), biggerServer(facts)],
    };
  },
};

/** The sum does not fit, and no instance held more than its pools allow: that would be another story. */
function isTooWide(facts: Facts): boolean {
  const { service, budget } = facts;
  const { deepest, peakInstances } = shapeOf(facts);
  const each = service.poolMax * service.workersPerInstance;
  return !budget.fitsSteady && peakInstances >= 2 && (deepest ?? 0) <= each + service.workersPerInstance;
}

function evidenceOf(facts: Facts, pain: Pain, together: number | null): readonly string[] {
  const { service, budget, thresholds, headroom } = facts;
  const { deepest, peakInstances } = shapeOf(facts);
  const each = service.poolMax * service.workersPerInstance;
  return [
    `the claim is ${service.maxInstances} x ${service.workersPerInstance} x ${service.poolMax} = ${thresholds.claim} sessions; with the headroom of ${headroom} that is ${budget.planned} planned, and the server has ${budget.usable}`,
    `at the first violation (${pain.boundId}) ${pain.alive} instances held ${pain.sessions} sessions`,
    ...(deepest === null ? [] : [`no instance held more than ${deepest} sessions, its pools allow ${each}`]),
    `up to ${peakInstances} of ${service.maxInstances} instances were alive`,
    ...(together === null ? [] : [`sessions grew with the instances (correlation ${trim(together, 2)})`]),
  ];
}

/** How long before the stress the two are looked at: growth shows against what was before. */
const beforeUs = 2_000_000;

/**
 * How closely sessions followed the instances that were ready (one that is starting holds nothing yet), ten times
 * a second from just before the stress until Postgres refused the first: from then on sessions can't follow.
 */
function growthTogether({ exact, evidence, stress, refusals }: Facts): number | null {
  const [first] = stress;
  if (exact === null || first === undefined) return null;
  const ready = readySteps(evidence.events);
  const fromUs = first.fromUs - beforeUs;
  const untilUs = refusals.find(({ tUs }) => tUs > first.fromUs)?.tUs ?? first.toUs;
  const moments = Math.min(6000, Math.max(0, Math.floor((untilUs - fromUs) / 100_000)));
  const times = Array.from({ length: moments }, (_, index) => fromUs + index * 100_000);
  return correlation(
    times.map((tUs) => countAt(ready, tUs)),
    times.map((tUs) => countAt(exact.steps, tUs)),
  );
}
