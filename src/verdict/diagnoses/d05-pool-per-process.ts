import { trim } from '../../base/units.ts';
import { besideItsPool, deepestForLong } from './shared/beside-pool.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * An instance holds a multiple of its pool: each of its processes has a pool of its own, and the declared number
 * of processes is too small. The claim is N x W' x P with the W' that really runs.
 */

export const poolPerProcess = {
  id: 'D05',
  title: 'every worker process has its own pool',
  question: 'shape',
  diagnose: ({ run, service }) => {
    const { contract } = service;
    const allowed = contract.poolMax * contract.workersPerInstance;
    const most = deepestForLong(run, service);
    if (most <= allowed + contract.workersPerInstance || besideItsPool(run, service) !== null) return null;
    const processes = Math.ceil(most / contract.poolMax);
    const isMultiple = most % contract.poolMax === 0;
    const divided = Math.max(1, Math.floor(contract.poolMax / processes));
    return {
      confidence: isMultiple ? 'high' : 'medium',
      lever: `share one pool, or divide the pool max of ${contract.poolMax} by ${processes} processes`,
      evidence: [
        `an instance held ${most} sessions, ${trim(most / contract.poolMax, 2)} times its pool of ${contract.poolMax}; declared are ${contract.workersPerInstance} processes`,
        `so it stayed above ${allowed} for longer than replacing a session takes`,
      ],
      confirm: 'count the processes in one instance, or the pids behind its sessions',
      whatIf: [
        whatIf(run, service, `as it is: ${processes} processes`, { workersPerInstance: processes }),
        whatIf(run, service, `${processes} processes, pool max ${contract.poolMax} -> ${divided}`, {
          workersPerInstance: processes,
          poolMax: divided,
        }),
      ],
    };
  },
} as const satisfies Diagnosis;
