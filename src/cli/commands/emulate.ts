import { join, resolve } from 'node:path';
import { makeRunClock, wallMs } from '../../base/clock.ts';
import { sleep } from '../../base/deadline.ts';
import { EnvironmentError } from '../../base/errors.ts';
import { startProcessGuard, type ProcessGuard } from '../../base/process-guard.ts';
import { makeTeardown, type Teardown } from '../../base/teardown.ts';
import { runFolderName } from '../../evidence/run-files.ts';
import type { RunningLocalService } from '../../platform/local/local-platform.ts';
import type { DatabaseAddress, PlatformOrders } from '../../platform/platform.ts';
import type { LocalService, LocalTarget } from '../../scenario/scenario.ts';
import { makeEmulationBoard, type EmulationBoard } from '../emulate/emulation-board.ts';
import { checkFlags, loadServices } from '../emulate/emulated-services.ts';
import { openEmulationLog } from '../emulate/emulation-log.ts';
import { plainScreen } from '../emulate/plain-screen.ts';
import { terminalScreen } from '../emulate/terminal-screen.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { EmulateFlags } from '../flags.ts';
import { listenForStop } from '../stop-request.ts';

const lookEveryMs = 500;
const graceMs = 10_000;

/** As Postgres itself has it. */
const defaultMaxConnections = 100;

/** Runs a service, and those beside it, under the emulator until somebody stops it: that is its good end. */
export async function emulate(
  file: string,
  command: readonly string[],
  flags: EmulateFlags,
): Promise<ExitCode> {
  await checkFlags(flags);
  const services = await loadServices(file, command, flags);
  const stop = listenForStop();
  const teardown = makeTeardown();
  try {
    await serve(services, flags, stop.signal, teardown);
    return exitCodes.pass;
  } finally {
    for (const left of await teardown.run()) process.stderr.write(`not undone: ${left}\n`);
    stop.dispose();
  }
}

async function serve(
  services: readonly [LocalService, ...LocalService[]],
  flags: EmulateFlags,
  signal: AbortSignal,
  teardown: Teardown,
): Promise<void> {
  const guard = startProcessGuard();
  const board = makeEmulationBoard();
  const screen = process.stderr.isTTY ? terminalScreen(board, flags.color) : plainScreen();
  teardown.add('close the screen', 1000, () => {
    screen.close();
    return Promise.resolve();
  });
  const databases = await databasesFor(services, flags, guard, teardown, signal);
  const folder = join(flags.out, runFolderName(wallMs(), `emulate-${services[0].name}`));
  const log = await openEmulationLog(folder);
  teardown.add('close the event log', 5000, () => log.close());
  const { profile, timeScale, idleCpu, slotAfterTimeout } = flags;
  const target: LocalTarget = {
    kind: 'local',
    service: services[0].name,
    services,
    emulation: { profile, timeScale, idleCpu, slotAfterTimeout },
  };
  const platform = await startPlatform(target, guard, flags, {
    databases,
    clock: makeRunClock(),
    seed: flags.seed ?? 1,
    onEvent: (event) => {
      log.event(event);
      board.event(event);
      screen.event(event);
    },
    onOutput: (line) => {
      log.output(line);
      screen.output(line);
    },
    signal,
  });
  teardown.add('stop the services', graceMs + 5000, () => platform.stop(graceMs));
  screen.addresses(addresses(platform, databases, folder));
  const ended = new AbortController();
  void followStatus(platform, board, ended.signal);
  const end = await firstEnd(platform, signal);
  ended.abort();
  screen.stopping();
  if (end !== null) throw new EnvironmentError([{ message: end }]);
}

async function startPlatform(
  target: LocalTarget,
  guard: ProcessGuard,
  { port, adminPort, grpc }: EmulateFlags,
  orders: PlatformOrders,
): Promise<RunningLocalService> {
  const { makeLocalPlatform } = await import('../../platform/local/local-platform.ts');
  const { documentedRules } = await import('../../platform/local/rules.ts');
  const ports = { service: port, admin: adminPort, grpc: grpc === true };
  return makeLocalPlatform(target, guard, documentedRules, ports).start(orders);
}

/** Nobody's, the one that was named, or an embedded one that ends with the emulation. */
async function databasesFor(
  services: readonly LocalService[],
  flags: EmulateFlags,
  guard: ProcessGuard,
  teardown: Teardown,
  signal: AbortSignal,
): Promise<Readonly<Record<string, DatabaseAddress>>> {
  const all = (address: DatabaseAddress): Readonly<Record<string, DatabaseAddress>> =>
    Object.fromEntries(services.map(({ name }) => [name, address]));
  if (flags.databaseUrl !== undefined) return all(flags.databaseUrl);
  if (flags.postgres !== true) return {};
  const { makeEmbeddedServer } = await import('../../postgres/embedded/embedded-server.ts');
  const { runSetup } = await import('../../postgres/run-setup.ts');
  const [first = 'app', ...others] = services.map(({ name }) => name);
  const server = makeEmbeddedServer({
    maxConnections: flags.maxConnections ?? defaultMaxConnections,
    serviceRoles: [first, ...others],
    guard,
  });
  const postgres = await server.start(signal);
  teardown.add('stop Postgres', 20_000, () => postgres.stop());
  if (flags.setup !== undefined) await runSetup(postgres.service, resolve(flags.setup));
  return postgres.services;
}

/** Looks until the signal; one that fails leaves what was seen before. */
async function followStatus(
  { emulator }: RunningLocalService,
  board: EmulationBoard,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    board.status(await emulator.status().catch(() => null));
    await sleep(lookEveryMs, signal);
  }
}

/** Null: somebody asked for it. */
function firstEnd(platform: RunningLocalService, signal: AbortSignal): Promise<string | null> {
  const asked = new Promise<null>((end) => {
    if (signal.aborted) end(null);
    signal.addEventListener('abort', () => end(null), { once: true });
  });
  return Promise.race([asked, platform.lost]);
}

function addresses(
  { urls, endpoint: admin }: RunningLocalService,
  databases: Readonly<Record<string, DatabaseAddress>>,
  folder: string,
): string {
  const [database] = Object.values(databases);
  return [
    ...Object.entries(urls).map(([name, url]) => `service   ${name}  ${url}`),
    `admin     ${admin.url}/v2/projects/${admin.project}/locations/${admin.location}/services`,
    ...(admin.grpc === null ? [] : [`grpc      ${admin.grpc.host}:${admin.grpc.port}`]),
    `token     ${admin.token}`,
    ...(database === undefined
      ? []
      : [`postgres  ${database.host}:${database.port}, through a link per instance`]),
    `log       ${join(folder, 'events.ndjson')}`,
    '',
  ].join('\n');
}
