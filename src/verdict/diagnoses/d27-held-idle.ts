import { formatMs, trim } from '../../base/units.ts';
import { besideItsPool } from './shared/beside-pool.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { waitingOf } from './shared/waiting.ts';

/*
 * While requests wait for a session, others keep theirs and do nothing with it, outside of any transaction: a session is
 * taken for a whole request, and held while the request does something else. Postgres shows them idle, which looks like a
 * pool that is too large. It is the opposite: the accounts show that none of them is handed on.
 */

const heldShare = 0.3;

export const heldIdle = {
  id: 'D27',
  title: 'sessions are checked out and do nothing',
  question: 'held',
  diagnose: ({ run, service }) => {
    const waiting = waitingOf(run, service);
    if (waiting === null) return null;
    const { contract, thresholds } = service;
    const { seconds, sessions, requests, total } = waiting;
    // What an instance holds from its start on is not of its pool.
    const beside = contract.maxInstances * (besideItsPool(run, service)?.beyond ?? 0);
    const held = Math.max(0, sessions.held - beside);
    if (held < 1 || held < heldShare * total) return null;
    return {
      confidence: held > 0.6 * total ? 'high' : 'medium',
      lever:
        'give the session back before work that does not need it, such as a call to another service; take it again after',
      evidence: [
        `while ${trim(requests.waiting, 1)} requests waited for a session, ${trim(held, 1)} of ${trim(total, 1)} sessions were idle and none of them was handed on (on average over ${trim(seconds, 1)} s)`,
        `${trim(sessions.active + sessions.lock, 1)} sessions were at work in that time`,
      ],
      confirm:
        'log when a request takes its session and when it gives it back: between its statements it keeps it for nothing',
      whatIf: [
        {
          change: `sessions held for database time only, waits within ${formatMs(thresholds.acquireMs)} (the same claim)`,
          claim: thresholds.claim,
          planned: run.budget.planned,
          fits: run.budget.fitsSteady,
        },
      ],
    };
  },
} as const satisfies Diagnosis;
