import { trim } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { isDeep, shapeOf } from './shared/pain.ts';
import {
  biggerServer,
  fittingPool,
  narrower,
  narrowerAndShallower,
  shallower,
  whatIf,
} from './shared/what-if.ts';

/*
 * Few instances, each with its whole pool in use, overwhelm the database: the service is too deep. The claim
 * is proportional to the pool, and the number of active sessions to the concurrency that feeds it.
 */

export const oneInstance = {
  id: 'D01',
  title: 'one instance overwhelms the database',
  question: 'shape',
  diagnose: ({ run, service, pain }) => {
    if (pain === null || !isDeep(service, pain)) return null;
    const { contract } = service;
    const { deepest, width, peakInstances } = shapeOf(service);
    const each = contract.poolMax * contract.workersPerInstance;
    const pool = fittingPool(run, service);
    const to = pool >= 1 ? ` from ${contract.poolMax} to ${pool}` : ` below ${contract.poolMax}`;
    const halved = Math.max(1, Math.floor(contract.containerConcurrency / 2));
    return {
      confidence: service.exact?.source === 'link' ? 'high' : 'medium',
      lever: `lower the pool max${to}, or container concurrency below ${contract.containerConcurrency}`,
      evidence: [
        `one instance held ${deepest ?? 0} sessions of the ${each} that its pools allow`,
        `at the first violation ${pain.alive} instances held ${pain.sessions} sessions, ${trim(pain.sessions / Math.max(1, pain.alive), 1)} each`,
        `the fleet was narrow: at most ${peakInstances} of ${contract.maxInstances} instances (${trim(100 * width, 0)} %)`,
      ],
      confirm: `run again with container concurrency ${halved}: if the pressure on the database falls, depth was the cause`,
      whatIf: [
        shallower(run, service),
        ...narrowerAndShallower(run, service),
        narrower(run, service),
        whatIf(
          run,
          service,
          `container concurrency ${contract.containerConcurrency} -> ${halved} (less active at once)`,
          {
            containerConcurrency: halved,
          },
        ),
        biggerServer(run),
      ],
    };
  },
} as const satisfies Diagnosis;
