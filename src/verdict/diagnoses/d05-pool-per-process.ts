import { trim } from '../../base/units.ts';
import { episodesAbove } from '../../evidence/sessions/steps.ts';
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
    const { endUs } = run;
    const { contract, perInstance, thresholds } = service;
    const allowed = contract.poolMax * contract.workersPerInstance;
    const lasting = [...perInstance.values()].flatMap((steps) =>
      episodesAbove(steps, allowed, endUs).filter(
        (episode) => episode.toUs - episode.fromUs >= 1000 * thresholds.tauCloseMs,
      ),
    );
    const most = lasting.reduce((peak, episode) => Math.max(peak, episode.peak), 0);
    if (most <= allowed + contract.workersPerInstance) return null;
    const processes = Math.ceil(most / contract.poolMax);
    const isMultiple = most % contract.poolMax === 0;
    const divided = Math.max(1, Math.floor(contract.poolMax / processes));
    return {
      confidence: isMultiple ? 'high' : 'medium',
      lever: `share one pool, or divide the pool max of ${contract.poolMax} by ${processes} processes`,
      evidence: [
        `an instance held ${most} sessions, ${trim(most / contract.poolMax, 2)} times its pool of ${contract.poolMax}; declared are ${contract.workersPerInstance} processes`,
        `so it stayed above ${allowed} for longer than a replacement of sessions takes (${lasting.length} episodes)`,
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
