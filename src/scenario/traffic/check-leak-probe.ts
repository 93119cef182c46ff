import type { Problem } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { formatMs } from '../../base/units.ts';
import type { YamlFile } from '../../base/yaml.ts';
import type { ServiceContract } from '../../contract/contract.ts';
import { shortestHoldMs, type LeakProbeInFile, type ProbeRequest } from './leak-probe.ts';

/** What no shape can check of `leak_probe:`. The last rule needs the contract and is left out without it. */
export function checkLeakProbe(
  given: LeakProbeInFile | undefined,
  requests: readonly ProbeRequest[],
  service: ServiceContract | undefined,
  source: YamlFile,
): readonly Problem[] {
  if (given === undefined) return [];
  const names = requests.map(({ name }) => name);
  const request = requests.find(({ name }) => name === given.request);
  const near = nearest(given.request, names);
  if (request === undefined)
    return [
      {
        message: `leak_probe.request: there is no request "${given.request}"`,
        place: source.placeOf(['leak_probe', 'request']),
        hint: near === undefined ? `requests: ${names.join(', ')}` : `did you mean "${near}"?`,
      },
    ];
  const holdMs = given.hold ?? request.hold;
  const place = source.placeOf(['leak_probe']);
  if (holdMs === undefined || holdMs < shortestHoldMs) {
    const message = `leak_probe: nothing says that "${request.name}" holds its session for ${formatMs(shortestHoldMs)} or more`;
    return [{ message, place, hint: 'hold: 300ms, of a request that does' }];
  }
  return [...acquireProblems(holdMs, service)].map((message) => ({ message, place }));
}

/**
 * An instance may give one of its processes more requests than that has sessions. The surplus then waits for one hold,
 * and has to get its session all the same.
 */
function acquireProblems(holdMs: number, service: ServiceContract | undefined): readonly string[] {
  if (service === undefined || service.workersPerInstance === 1) return [];
  const mostMs = service.acquireTimeoutMs / 2;
  if (holdMs <= mostMs) return [];
  return [
    `leak_probe: with ${service.workersPerInstance} workers an instance, a hold of ${formatMs(holdMs)} is more than half of the acquire timeout, ${formatMs(mostMs)}`,
  ];
}
