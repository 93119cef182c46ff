import { stringify } from 'yaml';
import { z } from 'zod';
import { writeShape } from '../../base/write-shape.ts';
import { chaosShape, writeStep } from '../chaos/chaos-codec.ts';
import { poolerShape, writePooler } from '../postgres/pooler-codec.ts';
import { postgresShape, writePostgres } from '../postgres/postgres-codec.ts';
import { safetyShape, writeSafety } from '../safety/safety-codec.ts';
import { targetShape, writeTarget } from '../target/target.ts';
import { durationMs } from '../with-unit.ts';
import { redact } from '../../base/redact.ts';
import { contractFile } from '../../contract/contract-file.ts';
import { writeContract } from '../../contract/write-contract.ts';
import { effectiveCalibrate, effectiveLeakProbe } from './effective-beside.ts';
import { effectiveAborts, effectiveAssertions } from '../conditions/effective-rules.ts';
import { effectiveClient } from '../clients/effective-client.ts';
import { effectiveData } from '../data/effective-data.ts';
import { effectiveRequest } from '../requests/effective-request.ts';
import { effectiveTraffic } from '../traffic/effective-traffic.ts';
import type { Scenario } from '../scenario.ts';

/**
 * `effective.yaml`: the scenario as it was really run, in its own language: merged with the contract and with
 * service.yaml, every default written out, every secret value blotted out.
 */
export function effectiveYaml(scenario: Scenario): string {
  const language = {
    version: 1,
    name: scenario.name,
    seed: scenario.seed,
    contract: writeShape(contractFile, writeContract(scenario.contract)),
    target: writeShape(targetShape, writeTarget(scenario.target)),
    postgres: writeShape(postgresShape, writePostgres(scenario.postgres)),
    ...(scenario.poolers.length === 0
      ? {}
      : { poolers: writeShape(z.array(poolerShape), scenario.poolers.map(writePooler)) }),
    ...(scenario.calibrate === undefined ? {} : { calibrate: effectiveCalibrate(scenario.calibrate) }),
    traffic: effectiveTraffic(scenario.traffic),
    requests: scenario.requests.map(effectiveRequest),
    ...(Object.keys(scenario.data).length === 0 ? {} : { data: effectiveData(scenario.data) }),
    client: effectiveClient(scenario.client),
    ...(scenario.chaos.length === 0 ? {} : { chaos: writeShape(chaosShape, scenario.chaos.map(writeStep)) }),
    ...(scenario.leakProbe === undefined
      ? {}
      : { leak_probe: effectiveLeakProbe(scenario.leakProbe, scenario.requests) }),
    ...(scenario.assertions.length === 0 ? {} : { assertions: effectiveAssertions(scenario.assertions) }),
    ...(scenario.abort.length === 0 ? {} : { abort: effectiveAborts(scenario.abort) }),
    sampling: { every: writeShape(durationMs, scenario.sampling.everyMs) },
    safety: writeShape(safetyShape, writeSafety(scenario.safety)),
  };
  const head = `# ${scenario.file} as it was run; commands and paths are relative to its folder.\n`;
  return (
    head + stringify(redact(language, scenario.secrets), { aliasDuplicateObjects: false, lineWidth: 110 })
  );
}
