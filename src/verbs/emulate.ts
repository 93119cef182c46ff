import { join, resolve } from 'node:path';
import { makeRunClock, wallMs } from '../base/clock.ts';
import { startProcessGuard, type ProcessGuard } from '../base/process-guard.ts';
import { hide } from '../base/secrets/secrets.ts';
import { makeTeardown, type Teardown } from '../base/teardown.ts';
import type { RunEvent } from '../evidence/event.ts';
import { runFolderName } from '../evidence/run-files.ts';
import type { LocalPorts, RunningLocalService } from '../platform/local/local-platform.ts';
import type { DatabaseAddress, EmulatorStatus, OutputLine } from '../platform/platform.ts';
import type { Emulation, LocalService, LocalTarget } from '../scenario/target/local-target.ts';
import { checkSurroundings } from './check-surroundings.ts';
import { openEmulationLog, type EmulationLog } from './emulate/emulation-log.ts';
import { loadServices, type EmulatedService, type ServiceOptions } from './emulate/load-services.ts';

/** How services are emulated. */
export interface EmulateOptions extends ServiceOptions, Partial<Emulation> {
  /** Without one, services have no database. */
  readonly database?: EmulatedDatabase;
  /** Any free ports, and no gRPC, unless given. */
  readonly ports?: Partial<LocalPorts>;
  /** 1 unless given. */
  readonly seed?: number;
  /** The folder that the emulation's own folder is made in; `reports` unless given. */
  readonly out?: string;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  readonly onOutput?: (line: OutputLine) => void;
}

/** An embedded Postgres that ends with the emulation, or one that is there already. */
export type EmulatedDatabase =
  | { readonly kind: 'embedded'; readonly maxConnections?: number; readonly setup?: string }
  | { readonly kind: 'address'; readonly address: DatabaseAddress };

/** Services under the emulator. */
export interface RunningEmulation {
  /** Where each service listens, by its name. */
  readonly urls: RunningLocalService['urls'];
  /** The Admin API, and the token that it wants. */
  readonly admin: RunningLocalService['endpoint'];
  /** Where the first service's database listens; null without one. */
  readonly database: DatabaseAddress | null;
  /** Holds `events.ndjson` and `output.log`. */
  readonly folder: string;
  status(): Promise<EmulatorStatus>;
  /** Resolves with the reason when the emulator ended by itself. Never rejects. */
  readonly lost: Promise<string>;
  /** Stops everything that was started. Resolves with what could not be undone, a line each. */
  stop(): Promise<readonly string[]>;
}

const graceMs = 10_000;

/** Postgres's own default. */
const usualMaxConnections = 100;

/**
 * Runs a service, and those beside it, under the emulator. Throws `InputError` with what is wrong in the files, and
 * `EnvironmentError` where something can't be started; nothing is left running then.
 */
export async function emulate(
  services: readonly [EmulatedService, ...EmulatedService[]],
  options: EmulateOptions = {},
): Promise<RunningEmulation> {
  if (options.database?.kind === 'address') hide([options.database.address.password]);
  const loaded = await loadServices(services, options.database !== undefined, options);
  await checkSurroundings();
  const teardown = makeTeardown();
  try {
    return await start(loaded, options, teardown);
  } catch (error) {
    for (const left of await teardown.run()) options.onWarning?.(`not undone: ${left}`);
    throw error;
  }
}

async function start(
  services: readonly [LocalService, ...LocalService[]],
  options: EmulateOptions,
  teardown: Teardown,
): Promise<RunningEmulation> {
  const guard = startProcessGuard();
  const signal = options.signal ?? new AbortController().signal;
  const databases = await databasesFor(services, options.database, { guard, teardown, signal });
  const folder = join(options.out ?? 'reports', runFolderName(wallMs(), `emulate-${services[0].name}`));
  const log = await openEmulationLog(folder, (text) => options.onWarning?.(text));
  teardown.add('close the event log', 5000, () => log.close());
  const running = await startServices(services, databases, log, { options, guard, signal });
  teardown.add('stop the services', graceMs + 5000, () => running.stop(graceMs));
  const { urls, endpoint, emulator, lost } = running;
  return {
    urls,
    admin: endpoint,
    database: Object.values(databases)[0] ?? null,
    folder,
    status: () => emulator.status(),
    lost,
    stop: () => teardown.run(),
  };
}

interface Starting {
  readonly guard: ProcessGuard;
  readonly teardown: Teardown;
  readonly signal: AbortSignal;
}

async function startServices(
  services: readonly [LocalService, ...LocalService[]],
  databases: Readonly<Record<string, DatabaseAddress>>,
  log: EmulationLog,
  { options, guard, signal }: Pick<Starting, 'guard' | 'signal'> & { readonly options: EmulateOptions },
): Promise<RunningLocalService> {
  const { makeLocalPlatform } = await import('../platform/local/local-platform.ts');
  const { documentedRules } = await import('../platform/local/rules.ts');
  const ports = { service: 0, admin: 0, grpc: false, ...options.ports };
  return makeLocalPlatform(targetOf(services, options), guard, documentedRules, ports).start({
    databases,
    clock: makeRunClock(),
    seed: options.seed ?? 1,
    onEvent: (event) => {
      log.event(event);
      options.onEvent?.(event);
    },
    onOutput: (line) => {
      log.output(line);
      options.onOutput?.(line);
    },
    signal,
  });
}

function targetOf(
  services: readonly [LocalService, ...LocalService[]],
  { profile = 'cloudrun', timeScale = 1, idleCpu = 'full', slotAfterTimeout = 'held' }: EmulateOptions,
): LocalTarget {
  const emulation = { profile, timeScale, idleCpu, slotAfterTimeout };
  return { kind: 'local', service: services[0].name, services, emulation };
}

/** Where each service finds its database, by its name. */
async function databasesFor(
  services: readonly LocalService[],
  database: EmulatedDatabase | undefined,
  { guard, teardown, signal }: Starting,
): Promise<Readonly<Record<string, DatabaseAddress>>> {
  if (database === undefined) return {};
  if (database.kind === 'address')
    return Object.fromEntries(services.map(({ name }) => [name, database.address]));
  const { makeEmbeddedServer } = await import('../postgres/embedded/embedded-server.ts');
  const { runSetup } = await import('../postgres/run-setup.ts');
  const [first = 'app', ...others] = services.map(({ name }) => name);
  const server = makeEmbeddedServer({
    maxConnections: database.maxConnections ?? usualMaxConnections,
    serviceRoles: [first, ...others],
    guard,
  });
  const postgres = await server.start(signal);
  teardown.add('stop Postgres', 20_000, () => postgres.stop());
  if (database.setup !== undefined) await runSetup(postgres.service, resolve(database.setup));
  return postgres.services;
}
