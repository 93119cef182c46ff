import { trim } from '../../base/units.ts';
import { readySteps } from '../../evidence/sessions/instances.ts';
import { countAt } from '../../evidence/sessions/steps.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { isDeep, shapeOf, type Pain } from './shared/pain.ts';
import { correlation } from '../statistics/correlation.ts';
import {
  biggerServer,
  fittingInstances,
  narrower,
  narrowerAndShallower,
  shallower,
} from './shared/what-if.ts';

/*
 * Each instance is reasonable by itself, but the fleet's sum is not: N x W x P + H is more than the server has, and the
 * sessions grew with the instances until the database refused. Width multiplies everything else.
 */

export const fleetWidth = {
  id: 'D02',
  title: 'the fleet expands into database pain',
  question: 'shape',
  diagnose: ({ run, service, pain }) => {
    if (pain === null || !isTooWide(run, service)) return null;
    const { contract } = service;
    const { width } = shapeOf(service);
    const together = growthTogether(run, service);
    const isWide = width >= 0.9 || (!isDeep(service, pain) && (together === null || together > 0.9));
    const instances = fittingInstances(run, service);
    return {
      confidence: isWide && service.exact?.source === 'link' ? 'high' : 'medium',
      lever:
        instances >= 1
          ? `lower max instances from ${contract.maxInstances} to ${instances}`
          : `lower max instances below ${contract.maxInstances}, and the pool max below ${contract.poolMax}`,
      evidence: evidenceOf(run, service, pain, together),
      confirm: `run the same seed with max instances ${Math.max(1, instances)}: the refusals must be gone`,
      whatIf: [
        narrower(run, service),
        shallower(run, service),
        ...narrowerAndShallower(run, service),
        biggerServer(run),
      ],
    };
  },
} as const satisfies Diagnosis;

/** The sum does not fit, and no instance held more than its pools allow; otherwise it is another diagnosis. */
function isTooWide(run: RunFacts, service: ServiceFacts): boolean {
  const { budget } = run;
  const { contract } = service;
  const { deepest, peakInstances } = shapeOf(service);
  const each = contract.poolMax * contract.workersPerInstance;
  return !budget.fitsSteady && peakInstances >= 2 && (deepest ?? 0) <= each + contract.workersPerInstance;
}

function evidenceOf(
  run: RunFacts,
  service: ServiceFacts,
  pain: Pain,
  together: number | null,
): readonly string[] {
  const { budget, headroom } = run;
  const { contract, thresholds } = service;
  const { deepest, peakInstances } = shapeOf(service);
  const each = contract.poolMax * contract.workersPerInstance;
  return [
    `the claim is ${contract.maxInstances} x ${contract.workersPerInstance} x ${contract.poolMax} = ${thresholds.claim} sessions; with the headroom of ${headroom} that is ${budget.planned} planned, and the server has ${budget.usable}`,
    `at the first violation (${pain.boundId}) ${pain.alive} instances held ${pain.sessions} sessions`,
    ...(deepest === null ? [] : [`no instance held more than ${deepest} sessions, its pools allow ${each}`]),
    `up to ${peakInstances} of ${contract.maxInstances} instances were alive`,
    ...(together === null ? [] : [`sessions grew with the instances (correlation ${trim(together, 2)})`]),
  ];
}

/** How long before the stress the comparison begins: growth shows against what was before. */
const beforeUs = 2_000_000;

/**
 * How closely sessions followed the ready instances (one that is starting holds nothing yet), ten times a second from
 * just before the stress until the first refusal: from then on sessions can't follow.
 */
function growthTogether({ evidence, stress, refusals }: RunFacts, { exact }: ServiceFacts): number | null {
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
