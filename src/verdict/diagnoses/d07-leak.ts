import { formatMs } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { hasFailed } from '../facts/requests/failure.ts';
import { ownSamples, type OwnSample } from '../facts/sessions/own-samples.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * Sessions that no request uses any more are not given back: the pool is smaller than declared, although Postgres shows
 * as many sessions as ever. Seen in one of three ways, the surest first:
 *
 *     probes, as many at once as the pools have sessions, that get none, while sessions stand idle
 *     idle in transaction for longer than T_req and the 10 s an instance may go on after it: nobody uses it any more
 *     requests that waited T_acq in vain while most sessions stood idle
 */

interface Leak {
  readonly confidence: 'high' | 'medium';
  /** Sessions that are lost to the pool. */
  readonly lost: number;
  readonly evidence: readonly string[];
}

export const leak = {
  id: 'D07',
  title: 'sessions leak on an error path',
  question: 'lost',
  diagnose: ({ run, service }) => {
    const samples = ownSamples(run, service);
    const found = byProbes(run, samples) ?? byAge(service, samples) ?? byIdleness(run, service, samples);
    if (found === null) return null;
    const { contract } = service;
    const left = Math.max(0, contract.poolMax - found.lost);
    const errors = run.notOk.filter(hasFailed).length;
    return {
      confidence: found.confidence,
      lever: 'give the session back in a finally block, on every path that took one',
      evidence: [...found.evidence, `${errors} attempts had failed in this run`],
      confirm: 'make one request fail on purpose: the pool must serve as many at once as before',
      whatIf: [
        whatIf(
          run,
          service,
          `as it is: at least ${found.lost} sessions are held by nobody (the same claim)`,
          {},
        ),
        whatIf(run, service, `one leak in a pool of ${contract.poolMax}: ${left} sessions left to use`, {}),
      ],
    };
  },
} as const satisfies Diagnosis;

function byProbes({ evidence }: RunFacts, samples: readonly OwnSample[]): Leak | null {
  const short = evidence.events
    .filter((event) => event.kind === 'probe')
    .filter(({ sent, ok }) => ok < sent)
    .sort((a, b) => b.sent - b.ok - (a.sent - a.ok))[0];
  if (short === undefined) return null;
  const lost = short.sent - short.ok;
  const during = samples.filter(({ tUs }) => tUs >= short.from_us && tUs <= short.t_us);
  const idle = during.reduce((most, one) => Math.max(most, one.idle + one.inTransaction), 0);
  return {
    confidence: idle >= lost ? 'high' : 'medium',
    lost,
    evidence: [
      `once all was quiet, ${short.ok} of ${short.sent} requests at once got a session: ${lost} of the sessions of ${short.alive} instances are gone`,
      `in that time up to ${idle} sessions stood idle in Postgres`,
    ],
  };
}

function byAge({ thresholds }: ServiceFacts, samples: readonly OwnSample[]): Leak | null {
  const old = samples.filter((one) => one.oldestInTransactionMs > thresholds.drainMs);
  if (old.length < 3) return null;
  const oldest = old.reduce((most, one) => Math.max(most, one.oldestInTransactionMs), 0);
  return {
    confidence: 'high',
    lost: old.reduce((most, one) => Math.max(most, one.inTransaction), 0),
    evidence: [
      `idle in transaction for up to ${formatMs(oldest)}: a request lasts ${formatMs(thresholds.requestMs)} at most and its instance is gone ${formatMs(thresholds.drainMs)} after its beginning, so nobody has these sessions any more (${old.length} samples)`,
    ],
  };
}

/** Where few give up, an idle session may simply belong to another instance. */
const enough = 10;

function byIdleness(
  { notOk }: RunFacts,
  { thresholds }: ServiceFacts,
  samples: readonly OwnSample[],
): Leak | null {
  const inVain = notOk.filter(({ outcome }) => outcome === 'pool_timeout');
  if (inVain.length < enough) return null;
  const during = samplesDuring(
    samples,
    inVain.flatMap(({ endedUs }) => endedUs ?? []),
  );
  const most = during.filter((one) => one.idle > one.total / 2 && one.oldestIdleMs > thresholds.acquireMs);
  if (during.length < enough || most.length < 0.8 * during.length) return null;
  const lost = Math.min(...most.map(({ idle }) => idle));
  const share = `${lost} or more sessions stood idle, some for longer than ${formatMs(thresholds.acquireMs)}`;
  return {
    confidence: 'medium',
    lost,
    evidence: [
      `${inVain.length} requests waited for a session in vain while ${share} (${most.length} of ${during.length} samples at those moments)`,
    ],
  };
}

/** The sample right before each of these moments, each once. */
function samplesDuring(samples: readonly OwnSample[], momentsUs: readonly number[]): readonly OwnSample[] {
  const sorted = [...momentsUs].sort((a, b) => a - b);
  let next = 0;
  return samples.filter(({ tUs }, index) => {
    const untilUs = samples[index + 1]?.tUs ?? Infinity;
    while ((sorted[next] ?? Infinity) < tUs) next += 1;
    return (sorted[next] ?? Infinity) < untilUs;
  });
}
