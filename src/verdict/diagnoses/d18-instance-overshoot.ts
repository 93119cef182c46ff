import { claimOf } from '../../contract/budget.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { peakSessions } from '../facts/sessions/peaks.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * More instances were proven alive than the contract's N, with nothing being rolled out: the limit is not set where
 * the service runs, or the platform went over it, as Cloud Run may for a while. The claim is proportional to them.
 */

export const instanceOvershoot: Diagnosis = {
  id: 'D18',
  title: 'more instances than the contract allows',
  diagnose: ({ facts, results }) => {
    const broken = results.get('B06');
    if (broken?.status !== 'FAIL' || broken.value === null) return null;
    const { service, alive } = facts;
    const seen = broken.value;
    const each = service.workersPerInstance * service.poolMax;
    const held = peakSessions(facts);
    return {
      confidence: alive === null ? 'medium' : 'high',
      lever: `set max instances to ${service.maxInstances} on the service (not on each revision); where it is set, leave room in the budget for ${seen}`,
      evidence: [
        `${seen} instances were alive at once, the contract says ${service.maxInstances}: ${broken.reason}`,
        `with ${each} sessions each that is a claim of ${claimOf({ ...service, maxInstances: seen })} instead of ${claimOf(service)}`,
        ...(held === null ? [] : [`the service held up to ${held} sessions`]),
      ],
      confirm: 'read max instances from the deployed service: unset, or right and overshot',
      whatIf: [
        whatIf(facts, `as it is: ${seen} instances`, { maxInstances: seen }),
        whatIf(facts, `held to ${service.maxInstances} instances`, {}),
        whatIf(
          facts,
          `pool max ${service.poolMax} -> ${smaller(service.poolMax, service.maxInstances, seen)}, ${seen} instances`,
          {
            maxInstances: seen,
            poolMax: smaller(service.poolMax, service.maxInstances, seen),
          },
        ),
      ],
    };
  },
};

/** The pool with which so many instances claim what the declared ones did. */
function smaller(poolMax: number, declared: number, seen: number): number {
  return Math.max(1, Math.floor((poolMax * declared) / seen));
}
