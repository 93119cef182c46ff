import { formatMs, trim } from '../../base/units.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import {
  meanOpen,
  mostOpen,
  mostWithin,
  outstandingOf,
  type Outstanding,
} from '../facts/requests/outstanding.ts';
import { joinParts } from './shared/parts.ts';
import { theilSen } from '../statistics/theil-sen.ts';
import { result } from './shared/result.ts';

/*
 * The queue is bounded. Admitted requests are at work in an instance, at most N x C of them; the others may wait for at
 * most W = T_acq + T_pend + eps, and no more of them can gather than arrive in that time:
 *
 *     level   o(t) <= N x C + (the most attempts that were sent within any W)
 *     slope   over the second half of a stress phase at one rate, at least 2 x T_req long: d o / dt <= 0.02 x rate
 *
 * The level shows a large standing queue, the slope one that is still growing. A queue may fill up for as long as W, so
 * the slope counts from there on. It is the Theil-Sen slope over means of a second, whose noise is nearly independent; it
 * is FAIL with the lower end of its 95 % interval above the limit, PASS with the upper end below. Where the interval
 * is wider than the limit, the phase is too short or too thin to tell, and the level alone is judged.
 */

export interface QueueInput {
  readonly outstanding: Outstanding;
  /** N x C, of both fleets where revisions overlapped. */
  readonly admitted: number;
  /** W: T_acq + T_pend + eps. */
  readonly waitUs: number;
  /** Second halves of stress phases at one rate. */
  readonly stretches: readonly QueueStretch[];
}

interface QueueStretch {
  readonly phase: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly ratePerSec: number;
}

const growth = 0.02;

export function judgeQueue(input: QueueInput): BoundResult {
  const { outstanding, admitted, waitUs } = input;
  if (outstanding.sentUs.length === 0)
    return result({ status: 'INCONCLUSIVE', unit: 'count', reason: 'no request was sent' });
  const level = levelRule(outstanding, admitted, waitUs);
  return joinParts([level, ...input.stretches.flatMap((stretch) => slopeRule(outstanding, stretch))]);
}

function levelRule(outstanding: Outstanding, admitted: number, waitUs: number): BoundResult {
  const { tUs, count } = mostOpen(outstanding);
  const gathered = mostWithin(outstanding, waitUs);
  const limit = admitted + gathered;
  const sum = `${admitted} admitted and ${gathered} that may have come within ${formatMs(waitUs / 1000)}`;
  const known = { unit: 'count', value: count, limit, n: outstanding.sentUs.length } as const;
  if (count <= limit)
    return result({
      ...known,
      status: 'PASS',
      reason: `at most ${count} attempts open at once (limit ${limit}: ${sum})`,
    });
  const what = `${count} attempts open at once, limit ${limit}: ${sum}`;
  return result({ ...known, status: 'FAIL', reason: what, witness: { fromUs: tUs, toUs: tUs, what } });
}

function slopeRule(
  outstanding: Outstanding,
  { phase, fromUs, toUs, ratePerSec }: QueueStretch,
): readonly BoundResult[] {
  const means = meanOpen(outstanding, fromUs, toUs, 1e6);
  const slope = theilSen(means.map((y, x) => ({ x, y })));
  const limit = growth * ratePerSec;
  if (slope === null || slope.high - slope.low > limit) return [];
  const known = { unit: 'per_sec', value: slope.slope, limit, n: means.length } as const;
  const said = `in ${phase} the attempts that were open grew by ${trim(slope.slope, 2)}/s (95 %: ${trim(slope.low, 2)} to ${trim(slope.high, 2)}, limit ${trim(limit, 2)})`;
  if (slope.low > limit)
    return [result({ ...known, status: 'FAIL', reason: said, witness: { fromUs, toUs, what: said } })];
  const status = slope.high <= limit ? 'PASS' : 'INCONCLUSIVE';
  return [result({ ...known, status, reason: said })];
}

export const queueBounded = {
  id: 'B10',
  name: 'queue-bounded',
  title: 'the queue is bounded',
  meaning: 'Open requests never outnumber those that may be running or waiting, and do not keep growing.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'emulated',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: ['attempts', 'events'] },
  stalledBy: 'times',
  needs: [...always, 'V01', 'V09', 'V16'],
  judge: (run, service) => {
    const { evidence } = run;
    const { contract, thresholds, overlaps } = service;
    const fleets = overlaps.length === 0 ? 1 : 1 + contract.rolloutOverlap;
    const waitUs = 1000 * (thresholds.failMs + thresholds.pendingMs);
    return judgeQueue({
      outstanding: outstandingOf(evidence.attempts),
      admitted: Math.ceil(contract.maxInstances * contract.containerConcurrency * fleets),
      waitUs,
      stretches: stretchesOf(run, service, waitUs),
    });
  },
} as const satisfies Bound;

function stretchesOf(
  { stress, evidence, endUs }: RunFacts,
  { thresholds }: ServiceFacts,
  waitUs: number,
): readonly QueueStretch[] {
  const constant = new Set(
    evidence.run.phases
      .filter(({ ratePerSec, rampToPerSec }) => ratePerSec === rampToPerSec)
      .map(({ name }) => name),
  );
  return stress
    .filter(
      ({ name, closed, fromUs, toUs }) =>
        constant.has(name) &&
        closed === null &&
        toUs <= endUs &&
        toUs - fromUs >= 2000 * thresholds.requestMs,
    )
    .map(({ name, fromUs, toUs, ratePerSec }) => ({
      phase: name,
      fromUs: Math.max((fromUs + toUs) / 2, fromUs + waitUs),
      toUs,
      ratePerSec,
    }));
}
