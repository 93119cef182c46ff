import { makeRequest } from './requests/request-codec.ts';
import type { Contract } from '../contract/contract.ts';
import type { Parts } from './read-parts.ts';
import type { ScenarioFile } from './scenario-file.ts';
import { makeLeakProbe } from './traffic/leak-probe.ts';
import { makeClient } from './clients/client-codec.ts';
import { makeSafety } from './safety/safety-codec.ts';
import type { BlottedText } from './interpolate.ts';
import type { Scenario } from './scenario.ts';
import { withUrlRole } from './postgres/url-role.ts';

/** What the command line lays over the file. */
export interface Given {
  readonly seed?: number;
  readonly acceptOvercommit?: boolean;
}

/** What was read besides the file: its contract, its services, its load, its faults. */
interface Read {
  readonly contract: Contract;
  readonly parts: Parts;
}

/** Where the scenario was found, and what of it must not be shown. */
interface Origin {
  readonly file: string;
  /** The scenario's folder, absolute. */
  readonly cwd: string;
  readonly secrets: readonly string[];
  readonly blotted: readonly BlottedText[];
}

/** Fills every default. */
export function makeScenario(file: ScenarioFile, read: Read, given: Given, origin: Origin): Scenario {
  const [first, ...requests] = file.requests.map(makeRequest);
  if (first === undefined) throw new TypeError('a checked scenario has requests');
  const { parts } = read;
  if (parts.traffic === undefined) throw new TypeError('a checked scenario has traffic');
  const promised = withUrlRole(read.contract, parts.postgres, parts.target.service);
  const contract = withWarnings(promised, parts.warnings);
  const leakProbe = file.leak_probe && makeLeakProbe(file.leak_probe, file.requests);
  return {
    name: file.name,
    seed: given.seed ?? file.seed ?? 1,
    file: origin.file,
    contract,
    target: parts.target,
    postgres: parts.postgres,
    poolers: parts.poolers,
    ...(file.calibrate === undefined ? {} : { calibrate: file.calibrate }),
    traffic: parts.traffic,
    ...(leakProbe === undefined ? {} : { leakProbe }),
    chaos: parts.chaos,
    requests: [first, ...requests],
    data: parts.data,
    client: makeClient(file.client ?? {}, requestTimeoutOf(contract, parts.target.service)),
    assertions: parts.assertions,
    abort: parts.abort,
    sampling: { everyMs: file.sampling?.every ?? 50 },
    safety: makeSafety({
      ...file.safety,
      ...(given.acceptOvercommit === undefined ? {} : { accept_overcommit: given.acceptOvercommit }),
    }),
    secrets: origin.secrets,
    blotted: origin.blotted,
  };
}

function withWarnings(contract: Contract, more: readonly string[]): Contract {
  return more.length === 0 ? contract : { ...contract, warnings: [...(contract.warnings ?? []), ...more] };
}

function requestTimeoutOf({ services }: Contract, name: string): number {
  return (services.find((service) => service.name === name) ?? services[0]).requestTimeoutMs;
}
