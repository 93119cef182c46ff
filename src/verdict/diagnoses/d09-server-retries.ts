import { trim } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * Transactions for each attempt, under stress against baseline:
 *
 *     A_s = (transactions / attempts)_stress / (transactions / attempts)_baseline
 *
 * Rejected work does none, so failing early makes A_s smaller than 1. More than 1.1 means that failing work was
 * repeated inside the service; a whole number of times where a layer has a fixed number of tries.
 */

const allowed = 1.1;
/** Fewer transactions say too little about a ratio. */
const minTransactions = 100;

export const serverRetries = {
  id: 'D09',
  title: 'the service itself retries',
  question: 'demand',
  diagnose: ({ run, service }) => {
    const { baseline, stress } = run;
    const under = stress[0];
    if (baseline === null || under === undefined) return null;
    const before = perAttempt(run, service, baseline);
    const during = perAttempt(run, service, under);
    if (before === null || during === null || before.ratio === 0) return null;
    const amplification = during.ratio / before.ratio;
    if (amplification <= allowed) return null;
    const whole = Math.round(amplification);
    const isWhole = whole >= 2 && Math.abs(amplification - whole) <= 0.15 * whole;
    return {
      confidence: isWhole && during.client < allowed ? 'high' : 'medium',
      lever:
        'one layer that retries, with a budget of 10 % of the requests; take the retries out of the others',
      evidence: [
        `${trim(during.ratio, 2)} transactions for each attempt in ${under.name}, ${trim(before.ratio, 2)} in ${baseline.name}: ${trim(amplification, 2)} times as many`,
        `clients made ${trim(during.client, 2)} attempts for each request in ${under.name}: the repetition is inside the service`,
      ],
      confirm: "turn the service's own retries off: transactions for each attempt must not rise under stress",
      whatIf: [
        whatIf(
          run,
          service,
          `no retries inside: the demand divided by ${trim(amplification, 2)} (the same claim)`,
          {},
        ),
      ],
    };
  },
} as const satisfies Diagnosis;

interface Work {
  readonly ratio: number;
  /** The clients' attempts for each request. */
  readonly client: number;
}

type Phase = RunFacts['phases'][number];

/** Attempts that an instance may have had, and the transactions on the service's sessions meanwhile. */
function perAttempt(
  { attemptsByPhase, evidence }: RunFacts,
  { contract }: ServiceFacts,
  { name, fromUs, toUs }: Phase,
): Work | null {
  // One without an answer may have done all of its work; one that the platform refused has done none.
  const attempts = (attemptsByPhase.get(name) ?? []).filter(
    ({ outcome, receivedUs }) => outcome !== 'dropped' && (outcome !== 'platform' || receivedUs !== null),
  );
  let transactions = 0;
  for (const event of evidence.events) {
    if (event.kind !== 'work' || event.service !== contract.name) continue;
    const lengthUs = event.t_us - event.from_us;
    const insideUs = Math.min(event.t_us, toUs) - Math.max(event.from_us, fromUs);
    if (insideUs > 0 && lengthUs > 0) transactions += (event.transactions * insideUs) / lengthUs;
  }
  const requests = attempts.filter(({ attempt }) => attempt === 1).length;
  if (transactions < minTransactions || requests === 0) return null;
  return { ratio: transactions / attempts.length, client: attempts.length / requests };
}
