import { trim } from '../../base/units.ts';
import type { UpperBound } from '../../evidence/sessions/upper-bounds.ts';
import { everyService, type RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import type { Guard, GuardResult } from './guard.ts';

/*
 * Between two samples there may be more than either shows:
 *
 *     sessions that came and went unseen, and may have gone over the claim, in at most 1 % of the gaps
 *
 * Where links or the server log counted every session there is no gap. Otherwise a gap whose upper bound is over the
 * claim makes a PASS a sampled one; where the server's own counter shows that sessions came and went unseen in more
 * than 1 % of the gaps, and the bound there is over the claim, even that would be a guess.
 */

const limit = 0.01;

export interface GapInput {
  readonly exact: boolean;
  /** Upper bounds of all sessions; none where logins are not counted. */
  readonly uppers: readonly UpperBound[];
  /** What all declared services may hold together. */
  readonly claim: number;
}

export function checkGaps({ exact, uppers, claim }: GapInput): GuardResult {
  const base = { limit, unit: 'ratio', disturbanceMs: null } as const;
  if (exact)
    return {
      ...base,
      ok: true,
      value: null,
      reason: 'every session was counted: there is nothing between samples',
    };
  if (uppers.length === 0)
    return {
      ...base,
      ok: true,
      value: null,
      reason: 'nothing bounds the sessions between samples: what is kept is kept at every sample',
    };
  const over = uppers.filter(({ high }) => high > claim);
  const unseen = over.filter((one) => one.unseen > 0);
  const value = unseen.length / uppers.length;
  const reason = `in ${unseen.length} of ${uppers.length} gaps between samples (${trim(100 * value, 2)} %, limit 1 %) sessions came and went unseen that may have gone over the claim; in ${uppers.length - over.length} it was surely kept`;
  return { ...base, ok: value <= limit, value, reason };
}

export const certaintyGap = {
  id: 'V15',
  name: 'certainty-gap',
  title: 'nothing hid between samples',
  meaning: "Sessions that came and went between two samples can't have broken the claim unseen.",
  provenance: 'observed',
  check: (run: RunFacts, service: ServiceFacts) =>
    checkGaps({
      exact: everyService(run).every(({ exact }) => exact !== null),
      uppers: run.uppers,
      claim: service.overlaps.length === 0 ? run.budget.claim : run.budget.claimOverlap,
    }),
} as const satisfies Guard;
