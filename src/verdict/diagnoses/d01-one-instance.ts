import { trim } from '../../base/units.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import { isDeep, shapeOf } from './shared/pain.ts';
import { biggerServer, fittingPool, narrower, narrowerAndShallower, shallower, whatIf } from './shared/what-if.ts';

/*
 * Few instances, each with its whole pool in use, overwhelm the database: the service is too deep. The claim
 * is proportional to the pool, and what is active at once to the concurrency that feeds it.
 */

export const oneInstance: Diagnosis = {
  id: 'D01',
  title: 'one instance overwhelms the database',
  diagnose: ({ facts, pain }) => {
    if (pain === null || !isDeep(facts, pain)) return null;
    const { service } = facts;
    const { deepest, width, peakInstances } = shapeOf(facts);
    const each = service.poolMax * service.workersPerInstance;
    const pool = fittingPool(facts);
    const to = pool >= 1 ? ` from ${service.poolMax} to ${pool}` : ` below ${service.poolMax}`;
    const halved = Math.max(1, Math.floor(service.containerConcurrency / 2));
    return {
      confidence: facts.exact?.source === 'link' ? 'high' : 'medium',
      lever: `lower the pool max${to}, or container concurrency below ${service.containerConcurrency}`,
      evidence: [
        `one instance held ${deepest ?? 0} sessions of the ${each} that its pools allow`,
        `at the first violation ${pain.alive} instances held ${pain.sessions} sessions, ${trim(pain.sessions / Math.max(1, pain.alive), 1)} each`,
        `the fleet was narrow: at most ${peakInstances} of ${service.maxInstances} instances (${trim(100 * width, 0)} %)`,
      ],
      confirm: `run again with container concurrency ${halved}: if the pressure on the database falls, depth was the cause`,
      whatIf: [
        shallower(facts),
        ...narrowerAndShallower(facts),
        narrower(facts),
        whatIf(
          facts,
          `container concurrency ${service.containerConcurrency} -> ${halved} (less active at once)`,
          {
            containerConcurrency: halved,
          },
        ),
        biggerServer(facts),
      ],
    };
  },
};
