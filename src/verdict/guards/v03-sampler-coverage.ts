import { formatMs, trim } from '../../base/units.ts';
import { coverageOf, isCovered, type CoverageNeed } from '../facts/sessions/coverage.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { Guard, GuardResult } from './guard.ts';
import type { PhaseWindow } from '../facts/requests/phase-window.ts';

/*
 * The sampler looked all the time, in every phase:
 *
 *     coverage >= 99 %, longest gap <= max(T_acq, 3 sampling periods)
 *
 * That nothing was seen means something only where somebody was looking.
 */

export interface SamplerInput {
  readonly sampledUs: readonly number[];
  readonly phases: readonly Pick<PhaseWindow, 'name' | 'fromUs' | 'toUs'>[];
  readonly need: CoverageNeed;
}

export function checkSampler({ sampledUs, phases, need }: SamplerInput): GuardResult {
  const looks = phases.map((phase) => ({
    name: phase.name,
    coverage: coverageOf(sampledUs, phase.fromUs, phase.toUs, need.holeUs),
  }));
  const base = { limit: need.ratio, unit: 'ratio', disturbanceMs: null } as const;
  const [first] = looks;
  if (first === undefined) return { ...base, ok: false, value: null, reason: 'load never began' };
  const worst = looks.reduce(
    (least, look) => (isWorse(look.coverage, least.coverage, need) ? look : least),
    first,
  );
  const { ratio, maxGapUs } = worst.coverage;
  const slept = need.ratio < 0.99 ? '; stalls of the sampler itself are set aside' : '';
  const reason = `${sampledUs.length} samples; the least covered phase, ${worst.name}, at ${trim(100 * ratio, 2)} % with a longest gap of ${formatMs(maxGapUs / 1000)} (limit ${formatMs(need.maxGapUs / 1000)})${slept}`;
  return { ...base, ok: looks.every((look) => isCovered(look.coverage, need)), value: ratio, reason };
}

type Look = ReturnType<typeof coverageOf>;

function isWorse(a: Look, b: Look, need: CoverageNeed): boolean {
  if (isCovered(a, need) !== isCovered(b, need)) return isCovered(b, need);
  return a.ratio === b.ratio ? a.maxGapUs > b.maxGapUs : a.ratio < b.ratio;
}

export const samplerCoverage = {
  id: 'V03',
  name: 'sampler-coverage',
  title: 'Postgres was watched throughout',
  meaning: 'Postgres was sampled without gaps in every phase.',
  provenance: 'observed',
  check: ({ sampledUs, phases, need, endUs }: RunFacts) =>
    checkSampler({
      sampledUs,
      phases: phases
        .filter((phase) => phase.fromUs < endUs)
        .map((phase) => ({ ...phase, toUs: Math.min(phase.toUs, endUs) })),
      need,
    }),
} as const satisfies Guard;
