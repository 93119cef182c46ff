import { trim } from '../../base/units.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { timesAwayIn } from '../facts/platform/outages.ts';
import { joinParts } from './shared/parts.ts';
import { isIn } from '../facts/platform/overlap-windows.ts';
import { shareAtMost } from '../statistics/binomial.ts';
import { ratioOfRatios, type Interval } from '../statistics/ratio-interval.ts';
import { workOf, workPerSecond } from '../facts/requests/work.ts';
import { result } from './shared/result.ts';

/*
 * Only the callers retry. Three ratios, never mixed; that of the callers is the harness's own (V11):
 *
 *     server    A_s = (transactions / attempts) under stress / the same at baseline <= 1.1
 *     connect   A_k = (sessions + refusals) / sessions <= 1.1     outside of restarts
 *
 * Rejected work does no transactions, so failing early makes A_s smaller than 1; more than 1.1 means that failing work
 * was repeated inside. The links count transactions, each where it ends. Its 95 % interval comes from blocks of five
 * seconds: FAIL with the lower end above 1.1, PASS with the upper end not above. A_k counts everything;
 * above 1.1 it is FAIL where chance alone (the binomial test) does not explain it.
 */

const limit = 1.1;

export interface AmplificationInput {
  /** Of each stress phase; null where transactions were not counted. */
  readonly server:
    | readonly {
        readonly phase: string;
        readonly fromUs: number;
        readonly toUs: number;
        readonly ratio: Interval;
      }[]
    | null;
  /** Null where connections were not counted. */
  readonly connect: {
    readonly sessions: number;
    readonly refused: number;
    readonly firstRefusedUs: number | null;
  } | null;
}

export function judgeAmplification({ server, connect }: AmplificationInput): BoundResult {
  const connects = connect === null ? null : connectRule(connect);
  if (server === null || server.length === 0) {
    const why =
      server === null
        ? 'nobody counted the transactions'
        : 'no stress phase with a baseline to compare it with';
    const nothing = result({ status: 'NOT_APPLICABLE', unit: 'ratio', limit, reason: why });
    if (connects?.status === 'FAIL') return connects;
    return connects === null ? nothing : { ...nothing, reason: `${why}; ${connects.reason}` };
  }
  const [first, ...others] = server.map(serverRule);
  if (first === undefined) throw new RangeError('no phase to judge');
  return joinParts([first, ...others, ...(connects === null ? [] : [connects])]);
}

function serverRule({
  phase,
  fromUs,
  toUs,
  ratio,
}: NonNullable<AmplificationInput['server']>[number]): BoundResult {
  const { value, low, high } = ratio;
  const what = `${trim(value, 2)} times the transactions an attempt in ${phase} that there were at baseline (95 %: ${trim(low, 2)} to ${trim(high, 2)}, limit ${limit})`;
  const known = { unit: 'ratio', value, limit, n: Math.round((toUs - fromUs) / 1e6), reason: what } as const;
  if (low > limit) return result({ ...known, status: 'FAIL', witness: { fromUs, toUs, what } });
  return result({ ...known, status: high <= limit ? 'PASS' : 'INCONCLUSIVE' });
}

function connectRule({
  sessions,
  refused,
  firstRefusedUs,
}: NonNullable<AmplificationInput['connect']>): BoundResult {
  const tries = sessions + refused;
  const value = tries === 0 ? 1 : tries / Math.max(1, sessions);
  const what = `${tries} connections for ${sessions} sessions (${trim(value, 2)}, limit ${limit})`;
  const known = { unit: 'ratio', value, limit, n: tries, reason: what } as const;
  if (value <= limit) return result({ ...known, status: 'PASS' });
  const tUs = firstRefusedUs ?? 0;
  return shareAtMost(refused, tries, 1 - 1 / limit) === 'no'
    ? result({ ...known, status: 'FAIL', witness: { fromUs: tUs, toUs: tUs, what } })
    : result({ ...known, status: 'INCONCLUSIVE', reason: `${what}: too few to tell` });
}

export const retryAmplification = {
  id: 'B21',
  name: 'retry-amplification',
  title: 'only clients retry',
  meaning: 'The service itself repeats neither transactions nor connection attempts.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: ['attempts', 'events'] },
  needs: [...always, 'V08', 'V09', 'V12'],
  judge: (run, service) =>
    judgeAmplification({ server: serverRatios(run, service), connect: connectsOf(run, service) }),
} as const satisfies Bound;

function serverRatios(run: RunFacts, service: ServiceFacts): AmplificationInput['server'] {
  const work = workOf(run, service);
  if (work.length === 0) return null;
  const { baseline, stress, evidence, endUs } = run;
  if (baseline === null) return [];
  const before = workPerSecond(run, work, baseline);
  return stress.flatMap((phase) => {
    if (phase.fromUs >= endUs) return [];
    const ratio = ratioOfRatios(workPerSecond(run, work, phase), before, evidence.run.seed);
    return ratio === null ? [] : [{ phase: phase.name, fromUs: phase.fromUs, toUs: phase.toUs, ratio }];
  });
}

function connectsOf(
  { evidence }: RunFacts,
  { contract, thresholds }: ServiceFacts,
): AmplificationInput['connect'] {
  const outages = timesAwayIn(evidence, 1000 * thresholds.windowMs);
  const own = evidence.events.flatMap((event) =>
    event.kind === 'link' && event.service === contract.name && !isIn(outages, event.t_us) ? [event] : [],
  );
  if (own.length === 0) return null;
  const refusals = own.filter(({ what }) => what === 'refused');
  return {
    sessions: own.filter(({ what }) => what === 'session').length,
    refused: refusals.length,
    firstRefusedUs: refusals[0]?.t_us ?? null,
  };
}
