import type { Problem } from '../base/errors.ts';
import type { Checked } from '../base/shape.ts';
import type { YamlFile } from '../base/yaml.ts';
import type { ServiceContract } from '../contract/contract.ts';
import { checkClient } from './clients/check-client.ts';
import type { ClientInFile } from './clients/client-codec.ts';
import { checkRequests, type ClientHeaders } from './requests/check-requests.ts';
import { checkSafety } from './safety/check-safety.ts';
import { readAborts, readAssertions, type Names } from './conditions/read-rules.ts';
import type { AbortRule, Assertion } from './conditions/rules.ts';
import type { Feeds } from './data/feed.ts';
import { checkLeakProbe } from './traffic/check-leak-probe.ts';
import { loadData } from './data/load-data.ts';
import { feedUses } from './requests/feed-uses.ts';
import type { ServiceInFile } from './target/local-codec.ts';
import { readLocalService, type ReadService } from './target/local-service.ts';
import { readPoolers } from './postgres/read-poolers.ts';
import type { PoolerTarget } from './postgres/pooler-target.ts';
import type { PostgresTarget } from './postgres/postgres-target.ts';
import { readChaos } from './chaos/read-chaos.ts';
import { readPostgres } from './postgres/read-postgres.ts';
import type { Promised } from './read-promise.ts';
import type { ReadTarget } from './target/read-targets.ts';
import { readTraffic } from './traffic/read-traffic.ts';
import type { ScenarioFile } from './scenario-file.ts';
import type { ChaosStep } from './chaos/chaos-step.ts';
import { makeTarget, type Target } from './target/target.ts';
import type { Traffic } from './traffic/traffic.ts';
import { urlRoleProblems } from './postgres/url-role.ts';
import { targetProblems } from './check-target.ts';
import { whereIn } from './target/where.ts';

/** What the parts of a scenario refer to. */
export interface PartsSetting {
  readonly promised: Checked<Promised>;
  readonly targets: readonly [ReadTarget, ...ReadTarget[]];
  readonly source: YamlFile;
  /** The scenario's folder, absolute. */
  readonly cwd: string;
  /** Turns a path in the scenario into one that can be opened. */
  readonly resolve: (path: string) => string;
}

/** The parts that need more than their shape: services, load, faults on the timeline, and what they refer to. */
export interface Parts {
  readonly target: Target;
  /** Undefined if something is wrong with it. */
  readonly traffic: Traffic | undefined;
  readonly chaos: readonly ChaosStep[];
  readonly data: Feeds;
  readonly postgres: PostgresTarget;
  readonly assertions: readonly Assertion[];
  readonly abort: readonly AbortRule[];
  readonly poolers: readonly PoolerTarget[];
  /** The contents of secret files, and passwords of databases. */
  readonly secrets: readonly string[];
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads the parts of a file whose shape is sound, even if its contract is not. */
export async function readParts(file: ScenarioFile, setting: PartsSetting): Promise<Parts> {
  const { promised, source, resolve } = setting;
  const all = await readServices(file, setting);
  const names = namesIn(file, promised);
  const traffic = await readTraffic(file.traffic, {
    calibrate: file.calibrate,
    routes: names.routes,
    source,
    resolve,
  });
  const chaos = readChaos(
    file.chaos ?? [],
    {
      phases: file.traffic.phases.map(({ name, duration }) => ({ name, durationMs: duration })),
      services: promised.ok ? promised.value.services : null,
    },
    source,
  );
  const client = checkClient(file.client ?? {}, source);
  const data = await loadData(file.data ?? {}, feedUses(file.requests, source), source, resolve);
  const allowHosts = file.safety?.allow_hosts ?? [];
  const postgres = await readPostgres(file.postgres, { source, resolve, cwd: setting.cwd, allowHosts });
  const services = all.map(({ service }) => service);
  const target = makeTarget(file.target, services, promised.ok ? promised.value.services[0] : 'service');
  const poolers = readPoolers(file, target, source);
  const assertions = readAssertions(file.assertions, names, source);
  const abort = readAborts(file.abort, names, source);
  return {
    target,
    traffic: valueOf(traffic, undefined),
    chaos: valueOf(chaos, []),
    data: data.feeds,
    postgres: postgres.target,
    assertions: assertions.rules,
    abort: abort.rules,
    poolers: poolers.poolers,
    secrets: [...all.flatMap(({ secrets }) => secrets), ...postgres.secrets, ...poolers.secrets],
    warnings: [...client.warnings, ...all.flatMap(({ warnings }) => warnings)],
    problems: [
      ...problemsOf(traffic),
      ...checkRequests(file.requests, headersOf(file.client), source),
      ...checkLeakProbe(file.leak_probe, file.requests, drivenIn(promised), source),
      ...data.problems,
      ...assertions.problems,
      ...abort.problems,
      ...client.problems,
      ...targetProblems(file, source),
      ...checkSafety(file, source),
      ...postgres.problems,
      ...poolers.problems,
      ...(promised.ok ? urlRoleProblems(postgres.target, promised.value, source) : []),
      ...problemsOf(chaos),
      ...all.flatMap(({ problems }, index) => (setting.targets[index]?.isUnknown === true ? [] : problems)),
    ],
  };
}

function valueOf<Value, Fallback>(checked: Checked<Value>, fallback: Fallback): Value | Fallback {
  return checked.ok ? checked.value : fallback;
}

function problemsOf(checked: Checked<unknown>): readonly Problem[] {
  return checked.ok ? [] : checked.problems;
}

/** The names that conditions may use. */
function namesIn({ traffic, requests }: ScenarioFile, promised: Checked<Promised>): Names {
  return {
    phases: traffic.phases.map(({ name }) => name),
    routes: requests.map(({ name }) => name),
    services: promised.ok ? promised.value.services : null,
  };
}

/** What the simulated clients send by themselves. */
function headersOf(client: ClientInFile | undefined): ClientHeaders {
  return { cookies: client?.cookies === true, idToken: client?.id_token !== undefined };
}

/** The service that load is sent at, as far as it is known. */
function drivenIn(promised: Checked<Promised>): ServiceContract | undefined {
  if (!promised.ok) return undefined;
  const { contract, services } = promised.value;
  return contract.services.find(({ name }) => name === services[0]);
}

/** The services that are run here; none at an address. */
async function readServices(
  { target: { local } }: ScenarioFile,
  setting: PartsSetting,
): Promise<readonly ReadService[]> {
  if (local === undefined) return [];
  const [first, ...rest] = setting.targets;
  const others = local.others ?? [];
  return [
    await readService(local, first, 0, setting),
    ...(await Promise.all(
      rest.map((target, index) => readService(others[index] ?? {}, target, index + 1, setting)),
    )),
  ];
}

function readService(
  given: ServiceInFile,
  target: ReadTarget,
  index: number,
  { promised, source, cwd, resolve }: PartsSetting,
): Promise<ReadService> {
  const { imported, chosen, path } = target;
  const name = promised.ok ? promised.value.services[index] : (chosen ?? imported?.name)?.value;
  const services = promised.ok ? promised.value.contract.services : [];
  return readLocalService({
    name: name ?? 'service',
    imported,
    given,
    contract: services.find((service) => service.name === name),
    where: whereIn(source, path),
    hasDatabase: true,
    secretsAreShared: false,
    cwd,
    resolve,
  });
}
