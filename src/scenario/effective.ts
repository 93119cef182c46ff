import { stringify } from 'yaml';
import { makeRedactor, mapTexts } from '../base/secrets/redact.ts';
import { writeShape } from '../base/write-shape.ts';
import { writeContract } from '../contract/write-contract.ts';
import { writeStep } from './chaos/chaos-codec.ts';
import { writeClient } from './clients/client-codec.ts';
import { writeAborts, writeAssertions } from './conditions/rules-codec.ts';
import { writeData } from './data/data-codec.ts';
import { writePooler } from './postgres/pooler-codec.ts';
import { writePostgres } from './postgres/postgres-codec.ts';
import { writeRequest } from './requests/request-codec.ts';
import { writeSafety } from './safety/safety-codec.ts';
import { withBlots } from './with-blots.ts';
import { scenarioFile, type ScenarioFile } from './scenario-file.ts';
import type { Scenario } from './scenario.ts';
import { writeTarget } from './target/target.ts';
import { writeLeakProbe } from './traffic/leak-probe.ts';
import { writeTraffic } from './traffic/traffic-codec.ts';

/**
 * `effective.yaml`: the scenario as it was really run, in its own language: merged with the contract and with
 * service.yaml, every default written out, every secret value redacted.
 */
export function effectiveYaml(scenario: Scenario): string {
  const language = writeShape(scenarioFile, writeScenario(scenario));
  const head = `# ${scenario.file} as it was run; commands and paths are relative to its folder.\n`;
  const { own } = makeRedactor(scenario.secrets);
  const shown = mapTexts(withBlots(language, scenario.blotted), own);
  return head + stringify(shown, { aliasDuplicateObjects: false, lineWidth: 110 });
}

/** The scenario as it stands in a file; empty parts are left out. */
function writeScenario(scenario: Scenario): ScenarioFile {
  const { leakProbe } = scenario;
  return {
    version: 1,
    name: scenario.name,
    seed: scenario.seed,
    contract: writeContract(scenario.contract),
    target: writeTarget(scenario.target),
    postgres: writePostgres(scenario.postgres),
    poolers: listed(scenario.poolers.map(writePooler)),
    calibrate: scenario.calibrate,
    traffic: writeTraffic(scenario.traffic),
    requests: scenario.requests.map(writeRequest),
    data: Object.keys(scenario.data).length === 0 ? undefined : writeData(scenario.data),
    client: writeClient(scenario.client),
    chaos: listed(scenario.chaos.map(writeStep)),
    leak_probe: leakProbe && writeLeakProbe(leakProbe, scenario.requests),
    assertions: listed(writeAssertions(scenario.assertions)),
    abort: listed(writeAborts(scenario.abort)),
    sampling: { every: scenario.sampling.everyMs },
    safety: writeSafety(scenario.safety),
  };
}

function listed<T>(items: T[]): T[] | undefined {
  return items.length === 0 ? undefined : items;
}
