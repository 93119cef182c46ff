import { formatMs, trim } from '../../base/units.ts';
import { makeRandom } from '../../base/random.ts';
import { meanByBlocks } from '../../base/block-bootstrap.ts';
import { goodputFloor } from '../../contract/thresholds.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { waitedMs } from '../facts/requests/cohort.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { latencyFaults, lockFaults, markSpans, touches } from '../facts/platform/fault-spans.ts';
import { timesAwayIn } from '../facts/platform/outages.ts';
import { joinParts } from './shared/parts.ts';
import { perSecond } from '../facts/requests/per-second.ts';
import { z95 } from '../statistics/normal.ts';
import { result } from './shared/result.ts';

/*
 * Overload does not take away what the service can do. With g the goodput of a stress phase after its first window,
 * G the capacity that was calibrated, and m = attempts sent / G the overload:
 *
 *     g / G >= phi(m) = max(0, (1 - kappa m) / (1 - kappa)),   kappa = 0.05
 *
 * This holds because, if turning a request away costs the share kappa of serving one, g + kappa (m G - g) = G. The 95 % interval of g comes
 * from moving blocks of 5 s over windows of 1 s, and G is drawn anew within its own: FAIL with the upper end below phi,
 * PASS with the lower end not below. It takes m >= 1.5 and 30 windows. Beyond m = 5 phi is lenient: there it is soft.
 */

export interface GoodputInput {
  readonly phase: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** Requests that came to good within the deadline, by when they did, second by second; excused seconds left out. */
  readonly goodPerSec: readonly number[];
  readonly attemptsPerSec: readonly number[];
  readonly capacity: { readonly value: number; readonly low: number; readonly high: number };
  readonly seed: number;
}

const blockSeconds = 5;
const minWindows = 30;
const minOverload = 1.5;
const lenientOverload = 5;

export function judgeGoodput(input: GoodputInput): BoundResult {
  const { phase, fromUs, toUs, goodPerSec, attemptsPerSec, capacity } = input;
  const overload = meanOf(attemptsPerSec) / capacity.value;
  const floor = goodputFloor(overload);
  const severity = overload > lenientOverload ? 'soft' : 'hard';
  const known = { unit: 'ratio', severity, limit: floor, n: goodPerSec.length } as const;
  const load = `${phase} at ${trim(overload, 2)} times the capacity of ${trim(capacity.value, 1)}/s`;
  if (overload < minOverload)
    return result({
      ...known,
      status: 'NOT_APPLICABLE',
      reason: `${load}: no overload (needed ${minOverload})`,
    });
  if (goodPerSec.length < minWindows)
    return result({
      ...known,
      status: 'INCONCLUSIVE',
      reason: `${load}: ${goodPerSec.length} windows of 1 s, needed ${minWindows}`,
    });
  const { value, low, high } = shareOfCapacity(input);
  const what = `${load}: goodput ${trim(100 * value, 1)} % of it (95 %: ${trim(100 * low, 1)} to ${trim(100 * high, 1)} %, floor ${trim(100 * floor, 1)} %)`;
  if (high < floor)
    return result({ ...known, status: 'FAIL', value, reason: what, witness: { fromUs, toUs, what } });
  return result({ ...known, status: low >= floor ? 'PASS' : 'INCONCLUSIVE', value, reason: what });
}

/**
 * The interval of a quotient of two that are uncertain, each by itself: their relative errors add up by their squares.
 */
function shareOfCapacity({ goodPerSec, capacity, seed }: GoodputInput): {
  value: number;
  low: number;
  high: number;
} {
  const good = meanByBlocks(goodPerSec, blockSeconds, { seed, stream: 'goodput-floor' });
  const value = good.mean / capacity.value;
  const random = makeRandom(seed, 'goodput-floor/capacity');
  const goodSigma = (good.high - good.low) / (2 * z95);
  const capacitySigma = (capacity.high - capacity.low) / (2 * z95);
  const drawn = Array.from({ length: 2000 }, () => {
    const divisor = capacity.value + capacitySigma * gauss(random);
    return divisor <= 0 ? Infinity : (good.mean + goodSigma * gauss(random)) / divisor;
  }).sort((a, b) => a - b);
  const at = (share: number): number => drawn[Math.round(share * (drawn.length - 1))] ?? value;
  return { value, low: at(0.025), high: at(0.975) };
}

/** A draw from the standard normal distribution (Box-Muller). */
function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export const goodputFloorBound = {
  id: 'B18',
  name: 'goodput-floor',
  title: 'goodput survives overload',
  meaning: 'Under overload, the service still serves most of what it is able to.',
  severity: { depends: 'hard; soft beyond five times the capacity, where the floor is lenient' },
  answer: 'bounded',
  provenance: 'emulated',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: ['attempts', 'events'] },
  stalledBy: 'times',
  needs: [...always, 'V01', 'V08', 'V12', 'V14', 'V16'],
  judge: (run, service) => {
    const { evidence, stress, endUs } = run;
    const capacity = evidence.events.find((event) => event.kind === 'capacity' && event.when === 'before');
    if (capacity?.kind !== 'capacity')
      return result({ status: 'NOT_APPLICABLE', unit: 'ratio', reason: 'the capacity was not calibrated' });
    const parts = stress
      .filter(({ closed, fromUs }) => closed === null && fromUs < endUs)
      .map((phase) =>
        judgeGoodput({
          ...inPhase(run, service, phase),
          phase: phase.name,
          capacity: {
            value: capacity.goodput_per_sec,
            low: capacity.low_per_sec,
            high: capacity.high_per_sec,
          },
          seed: evidence.run.seed,
        }),
      );
    const [first, ...others] = parts;
    const none = `no stress phase longer than ${formatMs(service.thresholds.windowMs)}`;
    return first === undefined
      ? result({ status: 'NOT_APPLICABLE', unit: 'ratio', reason: none })
      : joinParts([first, ...others]);
  },
} as const satisfies Bound;

/** A phase after its first window, second by second; seconds that an excuse touches are left out. */
function inPhase(
  { evidence, requests, endUs, setAside }: RunFacts,
  { thresholds }: ServiceFacts,
  phase: RunFacts['stress'][number],
): Pick<GoodputInput, 'fromUs' | 'toUs' | 'goodPerSec' | 'attemptsPerSec'> {
  const fromUs = phase.fromUs + 1000 * thresholds.windowMs;
  const toUs = Math.min(phase.toUs, endUs);
  const graceUs = 1000 * thresholds.acquireMs;
  const excuses = [
    ...timesAwayIn(evidence, graceUs),
    ...markSpans(evidence, lockFaults, 0),
    ...markSpans(evidence, latencyFaults, 0),
    ...(setAside ?? []),
  ];
  const isJudged = (_: number, second: number): boolean =>
    !touches(excuses, fromUs + second * 1e6, fromUs + (second + 1) * 1e6);
  const good = requests.flatMap((one) =>
    waitedMs(one) <= thresholds.deadlineMs ? [{ tUs: one.okUs, weight: 1 }] : [],
  );
  const sent = evidence.attempts.flatMap(({ outcome, sentUs }) =>
    outcome === 'dropped' ? [] : [{ tUs: sentUs, weight: 1 }],
  );
  return {
    fromUs,
    toUs,
    goodPerSec: perSecond(good, fromUs, toUs).filter(isJudged),
    attemptsPerSec: perSecond(sent, fromUs, toUs).filter(isJudged),
  };
}
