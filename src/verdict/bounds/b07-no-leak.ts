import { formatMs, trim } from '../../base/units.ts';
import { countAt } from '../../evidence/sessions/steps.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { quietSpans } from '../facts/requests/open-attempts.ts';
import { joinParts } from './shared/parts.ts';
import { mannKendall } from '../statistics/mann-kendall.ts';
import { result } from './shared/result.ts';

/*
 * What is taken is given back.
 *
 *     floor    once nobody has asked for T_idle + T_acq:  n <= alive x W x P_min + background
 *     probe    once all is quiet, alive x W x P requests at once, each holding its session:
 *              all succeed within T_acq + hold + eps
 *     trend    over k >= 5 cycles of the same load: no more sessions left behind from cycle to cycle, and no fewer
 *              successful probes (Mann-Kendall, one-sided, p < 0.05, and a change of 1 at least)
 *
 * The probe is the real test: a session that was taken and not given back is still one session of the pool, so the
 * count does not rise. The floor and its trend need to know when a pool lets go (T_idle); where that is not declared,
 * they are not judged. Cycles compare only with as many instances alive at the end of each.
 */

export interface Probe {
  readonly tUs: number;
  readonly cycle: number;
  readonly alive: number;
  readonly sent: number;
  readonly ok: number;
  readonly holdMs: number;
  readonly slowestMs: number;
}

export interface LeakInput {
  readonly probes: readonly Probe[];
  /** Sessions that were left at the end of each cycle's pause, with the instances alive then. */
  readonly floors: readonly { readonly tUs: number; readonly sessions: number; readonly alive: number }[];
  /** After the last request, for as long as T_idle + T_acq; null where T_idle is unknown, or observation ended sooner. */
  readonly rest: { readonly tUs: number; readonly sessions: number; readonly limit: number } | null;
  /** W x P. */
  readonly perInstance: number;
  /** T_acq + eps. */
  readonly limitMs: number;
}

const minCycles = 5;

export function judgeLeak(input: LeakInput): BoundResult {
  const parts = [...probeRule(input), ...floorRule(input), ...trendRules(input)];
  const [first, ...others] = parts;
  if (first !== undefined) return joinParts([first, ...others]);
  const reason = `no probe was sent, there were no ${minCycles} cycles of the same load, and nobody declared when a pool lets go of idle sessions`;
  return result({ status: 'NOT_APPLICABLE', unit: 'count', reason });
}

function probeRule({ probes, perInstance, limitMs }: LeakInput): readonly BoundResult[] {
  return probes.map(({ tUs, cycle, alive, sent, ok, holdMs, slowestMs }) => {
    const needed = alive * perInstance;
    const known = { unit: 'count', value: ok, limit: needed, n: sent } as const;
    const said = `cycle ${cycle}: ${ok} of ${sent} requests at once each got a session of ${needed}, the slowest answer after ${formatMs(slowestMs)} (limit ${formatMs(limitMs + holdMs)})`;
    if (ok < sent || slowestMs > limitMs + holdMs)
      return result({
        ...known,
        status: 'FAIL',
        reason: said,
        witness: { fromUs: tUs, toUs: tUs, what: said },
      });
    if (sent < needed || needed === 0)
      return result({ ...known, status: 'INCONCLUSIVE', reason: `${said}: too few to fill the pools` });
    return result({ ...known, status: 'PASS', reason: said });
  });
}

function floorRule({ rest }: LeakInput): readonly BoundResult[] {
  if (rest === null) return [];
  const { tUs, sessions, limit } = rest;
  const what = `${sessions} sessions were left once nobody asked any more, limit ${limit}`;
  const known = { unit: 'sessions', value: sessions, limit, n: 1, reason: what } as const;
  if (sessions <= limit) return [result({ ...known, status: 'PASS' })];
  return [result({ ...known, status: 'FAIL', witness: { fromUs: tUs, toUs: tUs, what } })];
}

function trendRules({ probes, floors }: LeakInput): readonly BoundResult[] {
  const [first] = floors;
  const isAlike = first !== undefined && floors.every(({ alive }) => alive === first.alive);
  return [
    ...(isAlike
      ? trendRule(
          'sessions left after each cycle',
          floors.map(({ tUs, sessions }) => ({ tUs, value: sessions })),
        )
      : []),
    ...trendRule(
      'probes that failed after each cycle',
      probes.map(({ tUs, sent, ok }) => ({ tUs, value: sent - ok })),
    ),
  ];
}

function trendRule(
  words: string,
  cycles: readonly { readonly tUs: number; readonly value: number }[],
): readonly BoundResult[] {
  const [first, last] = [cycles[0], cycles.at(-1)];
  if (cycles.length < minCycles || first === undefined || last === undefined) return [];
  const { risingP } = mannKendall(cycles.map(({ value }) => value));
  const what = `${words}: ${cycles.map(({ value }) => value).join(', ')} (rising: p ${trim(risingP, 3)})`;
  const known = {
    unit: 'count',
    value: last.value - first.value,
    limit: 0,
    n: cycles.length,
    reason: what,
  } as const;
  if (risingP < 0.05 && last.value - first.value >= 1)
    return [result({ ...known, status: 'FAIL', witness: { fromUs: first.tUs, toUs: last.tUs, what } })];
  return [result({ ...known, status: 'PASS' })];
}

export const noLeak = {
  id: 'B07',
  name: 'no-leak',
  title: 'no session leaks',
  meaning: 'Every session that a request takes goes back to the pool.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: true,
  needs: always,
  judge: (run, service) => {
    const { evidence } = run;
    const { contract, thresholds } = service;
    return judgeLeak({
      probes: evidence.events.flatMap((event) =>
        event.kind === 'probe'
          ? {
              tUs: event.t_us,
              cycle: event.cycle,
              alive: event.alive,
              sent: event.sent,
              ok: event.ok,
              holdMs: event.hold_us / 1000,
              slowestMs: event.slowest_us / 1000,
            }
          : [],
      ),
      floors: floorsOf(run, service),
      rest: restOf(run, service),
      perInstance: contract.workersPerInstance * contract.poolMax,
      limitMs: thresholds.failMs,
    });
  },
} as const satisfies Bound;

/** How long an unused pool may take to let go of its sessions; infinite where that is not declared. */
function letGoUs({ contract, thresholds }: ServiceFacts): number {
  return 1000 * ((contract.idleTimeoutMs ?? Infinity) + thresholds.acquireMs);
}

/**
 * What is left at the end of a pause long enough for a pool to let go of every session that it does not keep. Of several
 * pauses, the one that left most beyond the limit.
 */
function restOf(run: RunFacts, service: ServiceFacts): LeakInput['rest'] {
  const { contract, exact, alive } = service;
  if (exact === null || alive === null) return null;
  const neededUs = letGoUs(service);
  const rests = quietSpans(run, service)
    .filter(({ fromUs, toUs }) => toUs - fromUs >= neededUs)
    .map(({ toUs: tUs }) => {
      const kept = countAt(alive, tUs) * contract.workersPerInstance * contract.poolMin;
      return { tUs, sessions: countAt(exact.steps, tUs), limit: kept + contract.backgroundSessions };
    });
  const [worst] = rests.sort((a, b) => b.sessions - b.limit - (a.sessions - a.limit));
  return worst ?? null;
}

/**
 * What was left right before each next cycle; stress phases of one length and rate are the cycles. Only pauses long enough
 * for a pool to let go are compared: a pool that keeps what it opened fills up over the first cycles, and leaks nothing.
 */
function floorsOf(run: RunFacts, service: ServiceFacts): LeakInput['floors'] {
  const { stress, load, endUs } = run;
  const { exact, alive } = service;
  const [first] = stress;
  if (first === undefined || exact === null || load === null) return [];
  const lengthUs = first.toUs - first.fromUs;
  const cycles = stress.filter(
    ({ toUs, fromUs, ratePerSec, closed }) =>
      toUs - fromUs === lengthUs && ratePerSec === first.ratePerSec && closed === null && toUs < endUs,
  );
  const pauses = cycles.map(({ toUs }, index) => ({
    fromUs: toUs,
    toUs: cycles[index + 1]?.fromUs ?? load.toUs,
  }));
  return pauses
    .filter(({ fromUs, toUs }) => toUs - fromUs >= letGoUs(service))
    .map(({ toUs }) => ({
      tUs: toUs,
      sessions: countAt(exact.steps, toUs - 1),
      alive: countAt(alive ?? [], toUs - 1),
    }));
}
