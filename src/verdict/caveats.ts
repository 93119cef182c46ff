import { formatMs, trim } from '../base/units.ts';
import type { Facts } from './facts.ts';
import { upperShareAfterNone } from './statistics/detection.ts';
import type { Summary } from './summary.ts';

/** What the reader must know of this run's limits, the most general first. */
export function caveatsOf(
  facts: Facts,
  { verdict, latency, not_judged: notJudged }: Pick<Summary, 'verdict' | 'latency' | 'not_judged'>,
): string[] {
  return [
    "evidence: local. The emulator keeps Cloud Run's caps and documented limits; its autoscaler, front queue and overshoot are not Cloud Run's own",
    ...oneRun(verdict),
    'not tested in this run: rollout overlap, faults and retries, nor any other mix of requests than this one',
    `${notJudged.length} bounds of the specification are not judged by this version (see not_judged)`,
    detectability(facts),
    ...overcommit(facts),
    ...aroundLink(facts),
    ...assumed(facts),
    ...thinPercentiles(latency),
    ...unfinished(facts),
    ...facts.evidence.gaps.map((gap) => `not readable: ${gap}`),
  ];
}

/** A run without a violation says little of the next one. */
function oneRun(verdict: Summary['verdict']): string[] {
  if (verdict !== 'PASS' && verdict !== 'DEGRADED') return [];
  const upper = trim(100 * upperShareAfterNone(1), 0);
  return [
    `1 of 1: one clean run alone leaves a chance of violation of up to ${upper} % (at 95 % confidence); 14 leave 20 %`,
  ];
}

/** What samples can't see, and what their silence says. */
function detectability({ sampledUs, evidence: { run }, exact }: Facts): string {
  const share = trim(100 * upperShareAfterNone(sampledUs.length), 2);
  const what = `an excess shorter than the sampling period of ${formatMs(run.sampling.every_ms)} is seen with probability length / period; ${sampledUs.length} clean samples bound the share of time in excess by ${share} %`;
  if (exact === null) return `sampled only: ${what}`;
  const who = exact.source === 'link' ? 'the links' : 'the server log';
  return `the service's sessions were counted exactly by ${who}; for all others, ${what}`;
}

function overcommit({ evidence: { run }, budget }: Facts): string[] {
  if (!run.accept_overcommit || budget.fitsSteady) return [];
  return [
    `the declared budget does not fit (${budget.planned} planned, ${budget.usable} usable): overcommitment was accepted, and no verdict changes by it`,
  ];
}

function aroundLink({ exact }: Facts): string[] {
  if (exact === null || exact.aroundLink === 0) return [];
  return [
    `${exact.aroundLink} sessions of the service's role went around the links: the server log was used instead`,
  ];
}

function assumed({ evidence: { run } }: Facts): string[] {
  const names = run.contract.assumed;
  return names.length === 0 ? [] : [`not declared, so defaults were used: ${names.join(', ')}`];
}

function thinPercentiles(latency: Summary['latency']): string[] {
  const thin = latency.filter((row) => row.response_ms.p99 === null);
  if (thin.length === 0) return [];
  return [
    `no p99 from fewer than 100 answers: ${thin.map((row) => `${row.phase} ${row.outcome} (${row.n})`).join(', ')}`,
  ];
}

function unfinished({ evidence: { run } }: Facts): string[] {
  const { how, reason } = run.ended;
  return how === 'completed'
    ? []
    : [
        `the run did not complete (${how}${reason === null ? '' : `: ${reason}`}): later phases are missing or cut`,
      ];
}
