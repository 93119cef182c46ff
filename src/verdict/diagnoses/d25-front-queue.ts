import { formatMs, trim } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { hasFailed } from '../facts/requests/failure.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * The acquire timeout can't be reached: an instance takes so few requests beyond its sessions, (C - W P) of them, that
 * the last waits (C - W P) / (W P) x S, less than T_acq. Overload then queues in front of the platform and fails
 * there, after T_pend instead of T_acq.
 */

const minFailures = 10;

export const frontQueue = {
  id: 'D25',
  title: 'requests queue at the platform, not at the pool',
  question: null,
  diagnose: ({ run, service }) => {
    const { evidence } = run;
    const { contract, thresholds } = service;
    // A policy that retries one kind of failure and not the other would shift the shares.
    const failed = run.notOk.filter((one) => one.attempt === 1 && hasFailed(one));
    const platform = failed.filter((attempt) => attempt.outcome === 'platform');
    const poolTimeouts = failed.filter((attempt) => attempt.outcome === 'pool_timeout').length;
    if (failed.length < minFailures || platform.length <= failed.length / 2 || poolTimeouts > 0) return null;
    const sessions = contract.poolMax * contract.workersPerInstance;
    const beyond = Math.max(0, contract.containerConcurrency - sessions);
    const breakEvenMs = beyond === 0 ? Infinity : (thresholds.acquireMs * sessions) / beyond;
    const waits = evidence.events.flatMap((event) =>
      event.kind === 'platform' ? [event.waited_us / 1000] : [],
    );
    const longestMs = waits.reduce((most, ms) => Math.max(most, ms), 0);
    return {
      confidence: longestMs > thresholds.failMs ? 'medium' : 'low',
      lever: `bring container concurrency (${contract.containerConcurrency}) closer to the sessions of an instance (${sessions}), or turn requests away in the service`,
      evidence: [
        `${platform.length} of ${failed.length} failures came from the platform, none was an acquire timeout`,
        `${beyond} requests can wait in an instance for ${sessions} sessions: the acquire timeout fires only if a request holds its session longer than ${beyond === 0 ? 'ever' : formatMs(breakEvenMs)}`,
        `the platform kept requests waiting for up to ${trim(longestMs / 1000, 2)} s before it turned them away`,
      ],
      confirm:
        'run again with container concurrency at the sessions of an instance: the same requests fail, and sooner',
      whatIf: [
        whatIf(
          run,
          service,
          `container concurrency ${contract.containerConcurrency} -> ${sessions} (the same claim)`,
          {
            containerConcurrency: sessions,
          },
        ),
      ],
    };
  },
} as const satisfies Diagnosis;
