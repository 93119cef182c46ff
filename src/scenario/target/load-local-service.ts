import { isAbsolute, join, resolve } from 'node:path';
import { InputError } from '../../base/errors.ts';
import { loadYaml } from '../../base/load-yaml.ts';
import { sortProblems } from '../../base/sort-problems.ts';
import { importService } from '../../contract/cloud-run/import-service.ts';
import { envProblems } from './instance-env.ts';
import { readLocalService } from './local-service.ts';
import type { LocalService } from './local-target.ts';
import type { ProgramInFile } from './program-codec.ts';
import { nowhere } from './where.ts';

type Env = Readonly<Record<string, string>>;

/** What a command line adds to a service.yaml. */
export interface GivenLocally extends GivenProgram {
  /** Folder that relative paths and processes start from. */
  readonly cwd: string;
  /** The other containers, by name. */
  readonly containers?: Readonly<Record<string, GivenProgram>>;
  /** Files that hold the values of secrets, by the secret's name; some may be meant for other services. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly startupDelayMs?: number;
  /** Whether there is a database for it here: then the emulator sets DATABASE_URL, PG* and DB_* itself. */
  readonly hasDatabase?: boolean;
  /** Whose annotations count; cloudrun unless given. */
  readonly profile?: 'cloudrun' | 'knative';
}

/** What is run for one container, over what service.yaml says. */
export interface GivenProgram {
  readonly command?: readonly string[];
  readonly image?: string;
  readonly env?: Env;
}

/** A service from service.yaml alone, without scenario and contract. */
export interface LoadedService {
  readonly service: LocalService;
  /** Values that must never be shown or stored. */
  readonly secrets: readonly string[];
  /** What was declared and has no effect here. */
  readonly warnings: readonly string[];
}

/** Loads a service.yaml as it can be run here. Throws one `InputError` with everything that is wrong. */
export async function loadLocalService(file: string, given: GivenLocally): Promise<LoadedService> {
  const source = await loadYaml(file);
  if (source.problems.length > 0) throw new InputError(source.problems);
  const imported = importService(source, given.profile);
  const hasDatabase = given.hasDatabase ?? true;
  const wrongEnv = envProblems(given.env ?? {}, { isIngress: true, hasDatabase }, () => undefined);
  if (!imported.ok) throw new InputError(sortProblems([...imported.problems, ...wrongEnv], file));
  const read = await readLocalService({
    name: imported.value.name?.value ?? 'service',
    imported: imported.value,
    given: inFileForm(given),
    contract: undefined,
    where: nowhere,
    hasDatabase,
    secretsAreShared: true,
    cwd: resolve(given.cwd),
    resolve: (path) => (isAbsolute(path) ? path : join(given.cwd, path)),
  });
  const problems = [...read.problems, ...wrongEnv];
  if (problems.length > 0) throw new InputError(sortProblems(problems, file));
  return {
    service: read.service,
    secrets: read.secrets,
    warnings: [...imported.value.warnings, ...read.warnings],
  };
}

function inFileForm(given: GivenLocally): Parameters<typeof readLocalService>[0]['given'] {
  const containers = Object.entries(given.containers ?? {}).map(
    ([name, one]) => [name, { ...programOf(one), ...envOf(one) }] as const,
  );
  return {
    ...programOf(given),
    ...envOf(given),
    containers: Object.fromEntries(containers),
    secrets: { ...given.secrets },
    startup_delay: given.startupDelayMs,
  };
}

function programOf({ command, image }: GivenProgram): ProgramInFile {
  const isEmpty = command === undefined || command.length === 0;
  return { command: isEmpty ? undefined : [...command], image };
}

function envOf({ env }: GivenProgram): { readonly env: Record<string, string> } {
  return { env: { ...env } };
}
