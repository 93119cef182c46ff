import { trim } from '../../base/units.ts';
import { accountsOver } from '../facts/accounts/account.ts';
import { momentsOf } from '../facts/accounts/moments.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { peakSessions } from '../facts/sessions/peaks.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { waitingOf } from './shared/waiting.ts';
import { fittingPool, whatIf } from './shared/what-if.ts';

/*
 * Requests wait for sessions that are all at work, while the server has room for more: the pool is the limit, and the
 * budget allows a larger one. Only where the sessions do work: one that is held for nothing, or that waits for a lock, would
 * be held in a larger pool too. Said where something was broken: a pool that lets overload wait and fail fast is right.
 */

const workShare = 0.7;
const worthIt = 1.25;
/** From here on it is the statements that grew. */
const grown = 2;

export const tightPool = {
  id: 'D29',
  title: 'the pool is smaller than the budget allows',
  question: null,
  diagnose: ({ run, service, results }) => {
    const isBroken = [...results.values()].some(({ status }) => status === 'FAIL');
    const waiting = isBroken ? waitingOf(run, service) : null;
    const { contract, thresholds } = service;
    if (waiting === null || run.refusals.length > 0) return null;
    const { seconds, sessions, total, requests } = waiting;
    const fitting = fittingPool(run, service);
    if (total === 0 || sessions.active < workShare * total || fitting < worthIt * contract.poolMax)
      return null;
    if (holdGrowth(run, service) >= grown) return null;
    // As many as would be at work if none waited: Little's law over those that wait and those that are served.
    const asked = sessions.active + requests.waiting;
    const each = Math.ceil(asked / contract.maxInstances / contract.workersPerInstance);
    const larger = Math.min(fitting, Math.max(contract.poolMax + 1, each));
    const peak = peakSessions(run, service);
    return {
      confidence: waiting.share > 0.3 ? 'medium' : 'low',
      lever: `raise the pool max from ${contract.poolMax} to ${larger}: the budget has room for ${fitting}`,
      evidence: [
        `while ${trim(requests.waiting, 1)} requests waited for a session, ${trim(sessions.active, 1)} of ${trim(total, 1)} sessions were at work (on average over ${trim(seconds, 1)} s)`,
        peak === null
          ? `the claim is ${thresholds.claim} of ${thresholds.usable} usable slots`
          : `at most ${peak} sessions were open; the server has ${thresholds.usable} usable slots, and refused none`,
      ],
      confirm: `run again with a pool max of ${larger}: fewer requests may wait in vain, and nothing may be refused`,
      whatIf: [
        whatIf(run, service, `pool max ${contract.poolMax} -> ${larger}`, { poolMax: larger }),
        whatIf(run, service, `pool max ${contract.poolMax} -> ${fitting}, the largest that fits`, {
          poolMax: fitting,
        }),
      ],
    };
  },
} as const satisfies Diagnosis;

/** How much longer a request keeps a session at work under stress than at baseline; 1 where that is not known. */
function holdGrowth(run: RunFacts, { contract }: ServiceFacts): number {
  const [before, under] = [run.baseline, run.stress[0] ?? null].map((phase) => {
    if (phase === null) return null;
    const { slots } = accountsOver(momentsOf(run), phase.fromUs, phase.toUs);
    const ended = run.evidence.attempts.filter(
      ({ endedUs }) => endedUs !== null && endedUs >= phase.fromUs && endedUs < phase.toUs,
    ).length;
    return ended === 0 ? null : (slots.get(contract.name)?.active ?? 0) / ended;
  });
  return typeof before === 'number' && typeof under === 'number' && before > 0 ? under / before : 1;
}
