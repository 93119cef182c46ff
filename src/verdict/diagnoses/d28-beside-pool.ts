import { besideItsPool } from './shared/beside-pool.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * An instance holds more sessions than its pools may, by what it had opened before it was asked anything: a listener, a
 * second pool that was declared nowhere, a session for locks or for a loop in the background.
 */

export const besidePool = {
  id: 'D28',
  title: 'an instance has sessions that no pool declares',
  question: 'shape',
  diagnose: ({ run, service }) => {
    const found = besideItsPool(run, service);
    if (found === null) return null;
    const { contract } = service;
    const { most, beyond, atStart } = found;
    const all = contract.maxInstances * beyond;
    return {
      confidence: beyond === atStart ? 'high' : 'medium',
      lever: `declare them, and count them: ${beyond} sessions an instance beside its pool of ${contract.poolMax} (second_pools: [${beyond}]), or share the pool`,
      evidence: [
        `an instance held ${most} sessions, ${beyond} more than its pool${contract.workersPerInstance === 1 ? '' : 's'} may`,
        `${atStart} sessions were open before an instance was asked anything: a listener, a second pool, or work in the background`,
      ],
      confirm:
        'look at query and application_name in pg_stat_activity of the sessions that are never given back',
      whatIf: [
        whatIf(run, service, `as it is: ${beyond} more an instance, ${all} in all`, {
          poolMax: contract.poolMax + Math.ceil(beyond / contract.workersPerInstance),
        }),
        whatIf(run, service, 'without them (the claim as declared)', {}),
      ],
    };
  },
} as const satisfies Diagnosis;
