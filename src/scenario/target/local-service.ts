import type { Problem } from '../../base/errors.ts';
import type { ServiceContract } from '../../contract/contract.ts';
import type { ServiceImport } from '../../contract/cloud-run/import-service.ts';
import { portProblems } from './check-ports.ts';
import { envProblems } from './instance-env.ts';
import type { ServiceInFile } from './local-codec.ts';
import {
  fillFromContract,
  lostVariables,
  ingressName,
  plainResource,
  withEnv,
  withFirstTraffic,
  withNames,
} from './local-resource.ts';
import { readPrograms } from './programs.ts';
import type { LocalService } from './local-target.ts';
import { readSecretFiles } from './secret-files.ts';
import type { Where } from './where.ts';

/** Everything that says something about a service under the emulator. */
export interface LocalSources {
  readonly name: string;
  /** service.yaml; undefined where there is none. */
  readonly imported: ServiceImport | undefined;
  readonly given: ServiceInFile;
  /** Where its numbers come from that service.yaml leaves open. */
  readonly contract: ServiceContract | undefined;
  readonly where: Where;
  /** The emulator sets DATABASE_URL, PG* and DB_* itself. */
  readonly hasDatabase: boolean;
  /** The files of secrets are meant for other services too. */
  readonly secretsAreShared: boolean;
  readonly cwd: string;
  /** A path as it was written, as a path that can be opened. */
  readonly resolve: (path: string) => string;
}

/** A service that can be run, or why it can't. */
export interface ReadService {
  readonly service: LocalService;
  /** What stands in its secret files. */
  readonly secrets: readonly string[];
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
}

/** Puts a service together from service.yaml, the scenario and the contract. */
export async function readLocalService(sources: LocalSources): Promise<ReadService> {
  const { name, imported, given, contract, where, hasDatabase } = sources;
  const named = withNames(imported?.resource ?? plainResource(name));
  const traffic = withFirstTraffic(withEnv(named, environments(ingressName(named), given), hasDatabase));
  const resource = contract === undefined ? traffic.resource : fillFromContract(traffic.resource, contract);
  const { programs, problems } = readPrograms(resource, given, where);
  const secrets = await readSecretFiles({
    resource,
    hasDatabase,
    isShared: sources.secretsAreShared,
    imported,
    given: given.secrets ?? {},
    where,
    resolve: sources.resolve,
  });
  return {
    service: {
      name,
      resource,
      programs,
      cwd: sources.cwd,
      secretFiles: secrets.files,
      startupDelayMs: given.startup_delay ?? 0,
    },
    secrets: secrets.values,
    warnings: [
      ...lostVariables(named, hasDatabase).map(
        (variable) => `${variable} in service.yaml is replaced by the emulator's own`,
      ),
      ...traffic.warnings,
    ],
    problems: [
      ...problems,
      ...secrets.problems,
      ...sidecarEnvProblems(sources),
      ...portProblems(resource, programs, where),
    ],
  };
}

function environments(
  ingress: string,
  given: ServiceInFile,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const sidecars = Object.entries(given.containers ?? {}).map(([name, { env = {} }]) => [name, env] as const);
  return Object.fromEntries([...sidecars, [ingress, given.env ?? {}]]);
}

function sidecarEnvProblems({ given, where, hasDatabase }: LocalSources): readonly Problem[] {
  const { containers = {} } = given;
  const kind = { isIngress: false, hasDatabase };
  return Object.entries(containers).flatMap(([name, { env = {} }]) =>
    envProblems(env, kind, (variable) => where.atKey(['containers', name, 'env', variable]).place),
  );
}
