import { formatMs } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * Most sessions broke within a second, and then everything reconnected at once: more attempts in a second than the claim
 * has slots (each slot tries once a second at most), or half of them within 200 ms and some refused.
 */

const secondUs = 1_000_000;
const togetherUs = 200_000;
/** For how long after the break connecting counts as a reaction to it. */
const answerUs = 30 * secondUs;

export const stampede = {
  id: 'D15',
  title: 'everything reconnects at once',
  question: 'opened',
  diagnose: ({ run, service }) => {
    const lost = breakOf(run, service);
    if (lost === null) return null;
    const tries = triesAfter(run, service, lost.tUs);
    const { claim } = service.thresholds;
    const inASecond = mostWithin(tries.attempts, secondUs);
    const together = mostWithin(tries.attempts, togetherUs);
    const isMore = inASecond > claim;
    const isTogether = together >= tries.attempts.length / 2 && together >= lost.closed / 2;
    if (!isMore && !(isTogether && tries.refused > 0)) return null;
    return {
      confidence: isMore && tries.refused > 0 ? 'high' : 'medium',
      lever: 'wait before connecting again, longer each time and with jitter; keep the pool minimum at 0',
      evidence: [
        `${lost.closed} of ${lost.open} sessions broke within a second`,
        `then ${tries.attempts.length} connections were tried in ${formatMs(answerUs / 1000)}: up to ${inASecond} in one second, ${together} within 200 ms; the claim is ${claim}`,
        `Postgres refused ${tries.refused} of them`,
      ],
      confirm: 'restart the server again with the backoff in place: attempts must spread over seconds',
      whatIf: [
        whatIf(run, service, `at most ${claim} attempts in any second, one a slot (the same claim)`, {}),
      ],
    };
  },
} as const satisfies Diagnosis;

interface Break {
  readonly tUs: number;
  readonly closed: number;
  readonly open: number;
}

/** The first second of load in which half of the sessions ended, and at least three; those for one request left out. */
function breakOf(run: RunFacts, service: ServiceFacts): Break | null {
  const opened = new Map<number, number>();
  let closes: number[] = [];
  for (const event of run.evidence.events) {
    if (event.kind !== 'link' || event.service !== service.contract.name) continue;
    const { t_us: tUs, port } = event;
    if (event.what === 'session') opened.set(port, tUs);
    const sinceUs = event.what === 'close' ? opened.get(port) : undefined;
    if (sinceUs === undefined) continue;
    opened.delete(port);
    if (tUs - sinceUs < secondUs || !isInLoad(run, tUs)) continue;
    closes = [...closes.filter((earlier) => earlier > tUs - secondUs), tUs];
    if (closes.length >= 3 && closes.length >= opened.size)
      return { tUs: closes[0] ?? tUs, closed: closes.length, open: closes.length + opened.size };
  }
  return null;
}

function isInLoad({ load }: RunFacts, tUs: number): boolean {
  return load !== null && tUs >= load.fromUs && tUs < load.toUs;
}

interface Tries {
  readonly attempts: readonly number[];
  readonly refused: number;
}

function triesAfter({ evidence }: RunFacts, { contract }: ServiceFacts, fromUs: number): Tries {
  const own = evidence.events.filter(
    (event) =>
      event.kind === 'link' &&
      event.service === contract.name &&
      event.t_us >= fromUs &&
      event.t_us < fromUs + answerUs,
  );
  const of = (what: string): typeof own =>
    own.filter((event) => event.kind === 'link' && event.what === what);
  return { attempts: of('attempt').map(({ t_us: tUs }) => tUs), refused: of('refused').length };
}

/** The most moments in any window of a width. */
function mostWithin(sorted: readonly number[], widthUs: number): number {
  let most = 0;
  let first = 0;
  sorted.forEach((tUs, index) => {
    while ((sorted[first] ?? tUs) <= tUs - widthUs) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
