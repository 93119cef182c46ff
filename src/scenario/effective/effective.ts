import { stringify } from 'yaml';
import { z } from 'zod';
import { redact } from '../../base/redact.ts';
import { effectiveContract } from './effective-contract.ts';
import { faultForms } from '../chaos/faults/fault-forms.ts';
import { writeClient } from '../clients/client-codec.ts';
import { writeAborts, writeAssertions } from '../conditions/rules-codec.ts';
import { writeData } from '../data/data-codec.ts';
import { effectivePooler } from '../postgres/pooler-effective.ts';
import { effectivePostgres } from '../postgres/effective-postgres.ts';
import { writeRequest } from '../requests/request-codec.ts';
import { scenarioFile, type ScenarioFile } from '../scenario-file.ts';
import type { ChaosStep, Scenario } from '../scenario.ts';
import { durationOf, effectiveTarget } from '../target/effective-target.ts';
import { writeLeakProbe } from '../traffic/leak-probe.ts';
import { writeTraffic } from '../traffic/traffic-codec.ts';

/**
 * `effective.yaml`: the scenario as it was really run, in its own language: merged with the contract and with
 * service.yaml, every default written out, every secret value blotted out.
 */
export function effectiveYaml(scenario: Scenario): string {
  const { calibrate, traffic, requests, data, client, ...rest } = z.encode(encoded, writeParts(scenario));
  const language = {
    version: 1,
    name: scenario.name,
    seed: scenario.seed,
    contract: effectiveContract(scenario.contract),
    target: { local: effectiveTarget(scenario.target) },
    postgres: effectivePostgres(scenario.postgres),
    poolers: listed(scenario.poolers.map(effectivePooler)),
    calibrate,
    traffic,
    requests,
    data,
    client,
    chaos: listed(scenario.chaos.map(stepOf)),
    ...rest,
  };
  const head = `# ${scenario.file} as it was run; commands and paths are relative to its folder.\n`;
  return (
    head + stringify(redact(language, scenario.secrets), { aliasDuplicateObjects: false, lineWidth: 110 })
  );
}

/** The parts that their shapes write, units and all. */
const parts = {
  calibrate: true,
  traffic: true,
  requests: true,
  data: true,
  client: true,
  leak_probe: true,
  assertions: true,
  abort: true,
  sampling: true,
  safety: true,
} as const;

const encoded = scenarioFile.pick(parts);

/** The parts as they stand in the file, every default written out. */
function writeParts(scenario: Scenario): Pick<ScenarioFile, keyof typeof parts> {
  const { leakProbe, safety } = scenario;
  return {
    calibrate: scenario.calibrate,
    traffic: writeTraffic(scenario.traffic),
    requests: scenario.requests.map(writeRequest),
    data: Object.keys(scenario.data).length === 0 ? undefined : writeData(scenario.data),
    client: writeClient(scenario.client),
    leak_probe: leakProbe && writeLeakProbe(leakProbe, scenario.requests),
    assertions: listed(writeAssertions(scenario.assertions)),
    abort: listed(writeAborts(scenario.abort)),
    sampling: { every: scenario.sampling.everyMs },
    safety: {
      allow_hosts: [...safety.allowHosts],
      deny_hosts: [...safety.denyHosts],
      allow_exec: safety.allowExec,
      allow_destructive: [...safety.allowDestructive],
      accept_overcommit: safety.acceptOvercommit,
    },
  };
}

/** An empty list is left out. */
function listed<T>(items: T[]): T[] | undefined {
  return items.length === 0 ? undefined : items;
}

function stepOf({ atUs, forUs, service, fault }: ChaosStep): object {
  return {
    at: durationOf(atUs / 1000),
    ...(forUs === null ? {} : { for: durationOf(forUs / 1000) }),
    do: fault.kind,
    with: faultForms[fault.kind].write(fault),
    service,
  };
}
