import { isAbsolute, join } from 'node:path';
import { makeRequest } from './make-requests.ts';
import type { Promised } from './read-promise.ts';
import type { ScenarioFile } from './scenario-file.ts';
import type { Client, LocalTarget, Phase, PostgresTarget, Safety, Scenario, Traffic } from './scenario.ts';

/** What the command line lays over the file. */
export interface Given {
  readonly seed?: number;
  readonly acceptOvercommit?: boolean;
}

/** Where the scenario was found, and what of it must not be shown. */
interface Origin {
  readonly file: string;
  /** The scenario's folder, absolute. */
  readonly cwd: string;
  readonly secrets: readonly string[];
}

/** What a caller waits beyond the longest request: the 10 s that the platform may queue it, and some way there. */
const graceMs = 12_000;

/** Fills every default. */
export function makeScenario(file: ScenarioFile, promised: Promised, given: Given, origin: Origin): Scenario {
  const [first, ...requests] = file.requests.map(makeRequest);
  if (first === undefined) throw new TypeError('a checked scenario has requests');
  return {
    name: file.name,
    seed: given.seed ?? file.seed ?? 1,
    file: origin.file,
    contract: promised.contract,
    target: makeTarget(file, promised, origin),
    postgres: makePostgres(file, origin),
    traffic: makeTraffic(file.traffic),
    requests: [first, ...requests],
    client: makeClient(file, promised),
    sampling: { everyMs: file.sampling?.every ?? 50 },
    safety: makeSafety(file, given),
    secrets: origin.secrets,
  };
}

function makeTraffic(given: ScenarioFile['traffic']): Traffic {
  const [first, ...phases] = given.phases.map(makePhase);
  if (first === undefined) throw new TypeError('a checked scenario has phases');
  return {
    arrivals: given.arrivals ?? 'poisson',
    maxInFlight: given.max_in_flight ?? 2000,
    phases: [first, ...phases],
  };
}

function makeSafety({ safety }: ScenarioFile, given: Given): Safety {
  return {
    allowHosts: safety?.allow_hosts ?? ['127.0.0.1'],
    acceptOvercommit: given.acceptOvercommit ?? safety?.accept_overcommit ?? false,
  };
}

function makePhase(given: ScenarioFile['traffic']['phases'][number]): Phase {
  return {
    name: given.name,
    durationMs: given.duration,
    ratePerSec: given.rate,
    ...(given.ramp_to === undefined ? {} : { rampToPerSec: given.ramp_to }),
    stress: given.stress ?? false,
  };
}

function makeTarget({ target }: ScenarioFile, promised: Promised, origin: Origin): LocalTarget {
  const [program, ...args] = target.local.command;
  if (program === undefined) throw new TypeError('a checked command has a program');
  return {
    kind: 'local',
    service: promised.service,
    command: [program, ...args],
    cwd: origin.cwd,
    env: promised.env,
    startupDelayMs: target.local.startup_delay ?? 0,
    startupProbe: promised.startupProbe,
  };
}

/** 100 sessions is what Postgres itself allows unless told otherwise. */
function makePostgres({ postgres }: ScenarioFile, origin: Origin): PostgresTarget {
  const setup = postgres?.embedded.setup;
  return {
    kind: 'embedded',
    maxConnections: postgres?.embedded.max_connections ?? 100,
    ...(setup === undefined ? {} : { setupFile: isAbsolute(setup) ? setup : join(origin.cwd, setup) }),
  };
}

function makeClient({ client }: ScenarioFile, { contract, service }: Promised): Client {
  const requestTimeoutMs =
    contract.services.find(({ name }) => name === service)?.requestTimeoutMs ??
    contract.services[0].requestTimeoutMs;
  return {
    timeoutMs: client?.timeout ?? requestTimeoutMs + graceMs,
    deadlineMs: client?.deadline ?? requestTimeoutMs,
    retry: 'none',
  };
}
