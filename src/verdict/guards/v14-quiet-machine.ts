import { trim } from '../../base/units.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { Guard, GuardResult } from './guard.ts';

/*
 * Other tenants of the hardware took no more of it than at baseline:
 *
 *     mean steal in each phase - mean steal at baseline <= 5 % of all processors
 *
 * Comparing one phase with another assumes the same machine in both. Where the system does not report steal, nothing is
 * known about other tenants; the guard says so and holds, for a machine of one's own has none.
 */

const limit = 0.05;

export interface MachineInput {
  /** Mean share stolen in each phase; null where the system does not say. */
  readonly phases: readonly { readonly name: string; readonly steal: number | null }[];
  readonly baseline: number | null;
}

export function checkMachine({ phases, baseline }: MachineInput): GuardResult {
  const base = { limit, unit: 'ratio', disturbanceMs: null } as const;
  const known = phases.flatMap(({ name, steal }) => (steal === null ? [] : [{ name, steal }]));
  const [first] = known;
  if (first === undefined)
    return { ...base, ok: true, value: null, reason: 'what others took of this machine was not recorded' };
  const worst = known.reduce((most, one) => (one.steal > most.steal ? one : most), first);
  const value = worst.steal - (baseline ?? 0);
  const reason = `others took ${trim(100 * worst.steal, 1)} % of this machine in ${worst.name}, ${baseline === null ? 'no baseline' : `${trim(100 * baseline, 1)} % at baseline`} (limit 5 % more)`;
  return { ...base, ok: value <= limit, value, reason };
}

export const quietMachine = {
  id: 'V14',
  name: 'quiet-machine',
  title: 'the machine was quiet',
  meaning: "No other tenant of the hardware took this machine's processors during the run.",
  provenance: 'observed',
  stalledBy: 'attempts',
  check: (run: RunFacts) =>
    checkMachine({
      phases: run.phases.map((phase) => ({ name: phase.name, steal: stealIn(run, phase) })),
      baseline: run.baseline === null ? null : stealIn(run, run.baseline),
    }),
} as const satisfies Guard;

function stealIn({ evidence }: RunFacts, { fromUs, toUs }: RunFacts['phases'][number]): number | null {
  let lengthUs = 0;
  let stolenUs = 0;
  for (const event of evidence.events) {
    if (event.kind !== 'machine' || event.steal === null) continue;
    const sharedUs = Math.min(event.t_us, toUs) - Math.max(event.from_us, fromUs);
    if (sharedUs <= 0) continue;
    lengthUs += sharedUs;
    stolenUs += sharedUs * event.steal;
  }
  return lengthUs === 0 ? null : stolenUs / lengthUs;
}
