import { episodesAbove, peakOf, type Step } from '../../evidence/steps.ts';
import type { Bound, BoundResult } from '../bound.ts';
import { result } from './result.ts';

/*
 * The fleet stays inside its cap, for the whole claim is a multiple of it:
 *
 *     alive(t) <= N      N x (1 + omega) while two revisions overlap
 *
 * An instance is alive from its start, before it is ready: its pool may connect in that time. It is alive until
 * its process is gone. The supervisor that started the instances tells; with its word there is no sampling.
 */

export interface InstanceCapInput {
  /** Null when nobody told of instances. */
  readonly alive: readonly Step[] | null;
  readonly limit: number;
  readonly window: { readonly fromUs: number; readonly toUs: number };
}

export function judgeInstanceCap({ alive, limit, window }: InstanceCapInput): BoundResult {
  const base = { unit: 'instances', limit, n: alive?.length ?? 0 } as const;
  const peak = alive === null ? null : peakOf(alive, window.fromUs, window.toUs);
  if (alive === null || peak === null)
    return result({ ...base, status: 'INCONCLUSIVE', reason: 'nobody told how many instances were alive' });
  const known = { ...base, value: peak.count };
  const [first] = episodesAbove(alive, limit, window.toUs);
  if (first === undefined)
    return result({ ...known, status: 'PASS', reason: `at most ${peak.count} of ${limit} instances alive` });
  const what = `up to ${first.peak} instances alive, cap ${limit}`;
  return result({
    ...known,
    status: 'FAIL',
    reason: `up to ${peak.count} instances alive, cap ${limit}: the platform went over the cap that was declared`,
    witness: { fromUs: first.fromUs, toUs: first.toUs, what },
  });
}

export const instanceCap: Bound = {
  id: 'B06',
  name: 'instance-cap',
  required: true,
  needs: ['V02', 'V09'],
  judge: ({ alive, service, endUs, evidence }) =>
    judgeInstanceCap({
      alive,
      limit: service.maxInstances,
      window: { fromUs: evidence.events[0]?.t_us ?? 0, toUs: endUs },
    }),
};
