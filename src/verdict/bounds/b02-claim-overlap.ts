import { formatMs } from '../../base/units.ts';
import { episodesAbove, stepsWithin, type Step } from '../../evidence/sessions/steps.ts';
import { notTold } from './shared/not-told.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { claimInput, judgeClaim, type ClaimInput } from './shared/claim.ts';
import { forEveryService } from './shared/every-service.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { togetherUs } from '../facts/platform/revisions.ts';
import { result } from './shared/result.ts';

/*
 * While two revisions are there at once, both fleets count, and each is still inside its own claim:
 *
 *     n(t)   <= ceil(claim x (1 + omega))      omega = 1 where the cap on instances is per revision
 *     n_r(t) <= N x W x P                      for each revision r, where the links tell whose a session is
 *
 * Both with the grace for replacements that the claim has. A rollout in which the revisions never held sessions at
 * the same moment proves nothing.
 */

export interface OverlapInput {
  /** With claim_overlap for its limit and the rollouts for its spans. */
  readonly claim: ClaimInput;
  /** Sessions of each revision; none where nothing tells whose they are. */
  readonly revisions: ReadonlyMap<string, readonly Step[]>;
  /** The claim of one revision alone. */
  readonly revisionClaim: number;
  /** How long two revisions held sessions at once; null where nothing tells. */
  readonly togetherUs: number | null;
  /** False where no new revision came up: then nothing had to overlap. */
  readonly served: boolean;
}

export function judgeOverlap(input: OverlapInput): BoundResult {
  const whole = judgeClaim(input.claim);
  if (whole.status === 'FAIL') return whole;
  const one = revisionOver(input);
  if (one !== null) return { ...whole, ...one };
  if (!input.served) {
    const reason = `no new revision came up, the old one went on serving; ${whole.reason}`;
    return { ...whole, status: 'NOT_APPLICABLE', reason };
  }
  if (whole.status === 'INCONCLUSIVE') return whole;
  const doubt = doubtOf(input.togetherUs);
  if (doubt !== null) return { ...whole, status: 'INCONCLUSIVE', reason: doubt };
  const together =
    input.togetherUs === null
      ? ''
      : `; both revisions held sessions for ${formatMs(input.togetherUs / 1000)}`;
  return { ...whole, reason: `${whole.reason}${together}` };
}

function doubtOf(togetherUs: number | null): string | null {
  if (togetherUs === null) return 'nothing tells which revision held which session';
  return togetherUs > 0 ? null : 'not exercised: the two revisions never held sessions at the same moment';
}

/** The first revision that held more than one revision may. */
function revisionOver({ claim, revisions, revisionClaim }: OverlapInput): Partial<BoundResult> | null {
  for (const [revision, steps] of revisions) {
    const over = (claim.spans ?? [])
      .flatMap(({ fromUs, toUs }) => episodesAbove(stepsWithin(steps, fromUs, toUs), revisionClaim, toUs))
      .find(
        ({ fromUs, toUs, peak }) =>
          toUs - fromUs >= claim.tauCloseUs || peak > revisionClaim + claim.replacementsAt(fromUs),
      );
    if (over === undefined) continue;
    const { fromUs, toUs, peak } = over;
    const what = `${peak} sessions of revision ${revision}, claim of one revision ${revisionClaim}, above it for ${formatMs((toUs - fromUs) / 1000)}`;
    return {
      status: 'FAIL',
      value: peak,
      limit: revisionClaim,
      reason: what,
      witness: { fromUs, toUs, what },
    };
  }
  return null;
}

export function judgeRollouts(run: RunFacts, service: ServiceFacts): BoundResult {
  const { load } = run;
  const { overlaps, thresholds } = service;
  if (overlaps.length === 0)
    return result({
      status: 'NOT_APPLICABLE',
      unit: 'sessions',
      reason: 'nothing was deployed during the run',
    });
  if (load === null) return result({ status: 'INCONCLUSIVE', unit: 'sessions', reason: 'load never began' });
  return judgeOverlap({
    claim: {
      ...claimInput(run, service, load),
      claim: thresholds.claimOverlap,
      spans: overlaps,
      limitName: 'claim in a rollout',
    },
    revisions: service.perRevision,
    revisionClaim: thresholds.claim,
    togetherUs: togetherUs(service),
    served: overlaps.some(({ served }) => served),
  });
}

export const claimOverlap = {
  id: 'B02',
  name: 'claim-overlap',
  title: 'sessions stay inside the claim in a rollout',
  meaning:
    'While two revisions overlap, both together hold no more than the claim of a rollout, and each no more than its own.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: 'claim',
  required: true,
  restsOn: { pass: ['attempts', 'backends', 'events'], fail: ['events'] },
  stalledBy: 'stretches',
  needs: [...always, 'V03', 'V07', 'V12', 'V15'],
  judge: (run) => notTold(run, 'revisions', 'sessions') ?? forEveryService(run, judgeRollouts),
} as const satisfies Bound;
