import { episodesAbove, peakOf, stepsWithin, type Step } from '../../evidence/sessions/steps.ts';
import { notTold } from './shared/not-told.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { forEveryService } from './shared/every-service.ts';
import { outside, type Span } from '../facts/platform/overlap-windows.ts';
import { result } from './shared/result.ts';

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
  readonly window: Span;
  /** Rollouts, and the cap in them; none unless given. */
  readonly overlaps?: readonly Span[];
  readonly overlapLimit?: number;
}

export function judgeInstanceCap(input: InstanceCapInput): BoundResult {
  const { alive, limit, window } = input;
  const base = { unit: 'instances', limit, n: alive?.length ?? 0 } as const;
  if (alive === null || peakOf(alive, window.fromUs, window.toUs) === null)
    return result({ ...base, status: 'INCONCLUSIVE', reason: 'nobody told how many instances were alive' });
  const parts = partsOf(alive, input);
  const broken = parts.find(({ over }) => over !== null);
  const [steady] = parts;
  if (broken?.over === undefined || broken.over === null) {
    const said = parts.map(({ peak, cap, where }) => `${peak} of ${cap}${where}`);
    const [first = '', ...others] = said;
    const reason = [`at most ${first} instances alive`, ...others].join(', ');
    return result({ ...base, status: 'PASS', value: steady?.peak ?? 0, reason });
  }
  const { over, peak, cap, where } = broken;
  return result({
    ...base,
    status: 'FAIL',
    value: peak,
    limit: cap,
    reason: `up to ${peak} instances alive, cap${where} ${cap}: the platform went over the cap that was declared`,
    witness: {
      fromUs: over.fromUs,
      toUs: over.toUs,
      what: `up to ${over.peak} instances alive, cap${where} ${cap}`,
    },
  });
}

interface Part extends Looked {
  readonly cap: number;
  readonly where: '' | ' in a rollout';
}

/** All of the run, or where there were rollouts the time outside of them and the time in them. */
function partsOf(
  alive: readonly Step[],
  { limit, window, overlaps = [], overlapLimit = limit }: InstanceCapInput,
): readonly Part[] {
  if (overlaps.length === 0) return [{ ...looked(alive, null, limit, window), cap: limit, where: '' }];
  return [
    { ...looked(alive, outside(overlaps, window), limit, window), cap: limit, where: '' },
    { ...looked(alive, overlaps, overlapLimit, window), cap: overlapLimit, where: ' in a rollout' },
  ];
}

interface Looked {
  readonly peak: number;
  readonly over: { readonly fromUs: number; readonly toUs: number; readonly peak: number } | null;
}

/** The most instances in these spans, null for all of the window, and when they were first more than the limit. */
function looked(alive: readonly Step[], spans: readonly Span[] | null, limit: number, window: Span): Looked {
  if (spans === null) {
    const [over = null] = episodesAbove(alive, limit, window.toUs);
    return { peak: peakOf(alive, window.fromUs, window.toUs)?.count ?? 0, over };
  }
  const parts = spans.map(({ fromUs, toUs }) => stepsWithin(alive, fromUs, toUs));
  const [over = null] = parts.flatMap((steps, index) => episodesAbove(steps, limit, spans[index]?.toUs ?? 0));
  return { peak: parts.flat().reduce((most, { count }) => Math.max(most, count), 0), over };
}

export const instanceCap = {
  id: 'B06',
  name: 'instance-cap',
  title: 'the fleet stays inside its cap',
  meaning: 'No more instances are alive at once than the contract allows.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'emulated',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: ['events'] },
  needs: [...always, 'V09'],
  judge: (run) =>
    notTold(run, 'instances', 'instances') ??
    forEveryService(run, ({ endUs, evidence }, { alive, contract, overlaps }) =>
      judgeInstanceCap({
        alive,
        limit: contract.maxInstances,
        window: { fromUs: evidence.events[0]?.t_us ?? 0, toUs: endUs },
        overlaps,
        overlapLimit: Math.ceil(contract.maxInstances * (1 + contract.rolloutOverlap)),
      }),
    ),
} as const satisfies Bound;
