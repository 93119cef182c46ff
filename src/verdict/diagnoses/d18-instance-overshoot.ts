import { claimOf } from '../../contract/budget.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { peakSessions } from '../facts/sessions/peaks.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * More instances were proven alive than the contract's N, with no rollout under way: the limit is not set where the
 * service runs, or the platform went over it, as Cloud Run may for a while. The claim is proportional to them.
 */

export const instanceOvershoot = {
  id: 'D18',
  title: 'more instances than the contract allows',
  question: 'shape',
  diagnose: ({ run, service, results }) => {
    const broken = results.get('B06');
    if (broken?.status !== 'FAIL' || broken.value === null) return null;
    const { contract, alive } = service;
    const seen = broken.value;
    const each = contract.workersPerInstance * contract.poolMax;
    const held = peakSessions(run, service);
    return {
      confidence: alive === null ? 'medium' : 'high',
      lever: `set max instances to ${contract.maxInstances} on the service (not on each revision); where it is set, leave room in the budget for ${seen}`,
      evidence: [
        `${seen} instances were alive at once, the contract says ${contract.maxInstances}: ${broken.reason}`,
        `with ${each} sessions each that is a claim of ${claimOf({ ...contract, maxInstances: seen })} instead of ${claimOf(contract)}`,
        ...(held === null ? [] : [`the service held up to ${held} sessions`]),
      ],
      confirm: 'read max instances from the deployed service: unset, or right and overshot',
      whatIf: [
        whatIf(run, service, `as it is: ${seen} instances`, { maxInstances: seen }),
        whatIf(run, service, `held to ${contract.maxInstances} instances`, {}),
        whatIf(
          run,
          service,
          `pool max ${contract.poolMax} -> ${smaller(contract.poolMax, contract.maxInstances, seen)}, ${seen} instances`,
          {
            maxInstances: seen,
            poolMax: smaller(contract.poolMax, contract.maxInstances, seen),
          },
        ),
      ],
    };
  },
} as const satisfies Diagnosis;

/** The pool size with which that many instances claim what the declared ones did. */
function smaller(poolMax: number, declared: number, seen: number): number {
  return Math.max(1, Math.floor((poolMax * declared) / seen));
}
