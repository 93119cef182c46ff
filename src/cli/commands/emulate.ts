import { join, resolve } from 'node:path';
import { makeRunClock, wallMs } from '../../base/clock.ts';
import { EnvironmentError } from '../../base/errors.ts';
import { startProcessGuard, type ProcessGuard } from '../../base/process-guard.ts';
import { makeTeardown, type Teardown } from '../../base/teardown.ts';
import { runFolderName } from '../../evidence/run-files.ts';
import type { DatabaseAddress, PlatformOrders, RunningPlatform } from '../../platform/platform.ts';
import { loadLocalService } from '../../scenario/load-local-service.ts';
import type { LocalService } from '../../scenario/scenario.ts';
import { makeEmulationBoard, type EmulationBoard } from '../emulate/emulation-board.ts';
import { openEmulationLog } from '../emulate/emulation-log.ts';
import { makeEmulationScreen } from '../emulate/emulation-screen.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { EmulateFlags } from '../flags.ts';
import { listenForStop } from '../stop-request.ts';

const paintEveryMs = 500;
const graceMs = 10_000;

/** Runs a service, and those beside it, under the emulator until somebody stops it: that is its good end. */
export async function emulate(
  file: string,
  command: readonly string[],
  flags: EmulateFlags,
): Promise<ExitCode> {
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

async function loadServices(
  file: string,
  command: readonly string[],
  { env, container, secret, beside, profile, postgres, databaseUrl }: EmulateFlags,
): Promise<readonly [LocalService, ...LocalService[]]> {
  const containers = Object.entries(container).map(
    ([name, line]) => [name, { command: ['sh', '-c', line] }] as const,
  );
  const hasDatabase = postgres === true || databaseUrl !== undefined;
  const common = { cwd: process.cwd(), secrets: secret, profile, hasDatabase };
  const own = { ...common, command, env, containers: Object.fromEntries(containers) };
  const [first, ...others] = await Promise.all([
    loadLocalService(file, own),
    ...beside.map((other) => loadLocalService(other, common)),
  ]);
  for (const { warnings } of [first, ...others])
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  return [first.service, ...others.map(({ service }) => service)];
}

async function serve(
  services: readonly [LocalService, ...LocalService[]],
  flags: EmulateFlags,
  signal: AbortSignal,
  teardown: Teardown,
): Promise<void> {
  const guard = startProcessGuard();
  const databases = await databasesFor(services, flags, guard, teardown, signal);
  const folder = join(flags.out, runFolderName(wallMs(), `emulate-${services[0].name}`));
  const log = await openEmulationLog(folder);
  teardown.add('close the event log', 5000, () => log.close());
  const board = makeEmulationBoard();
  const screen = makeEmulationScreen(board, flags);
  const platform = await startPlatform(guard, flags, {
    target: {
      kind: 'local',
      service: services[0].name,
      services,
      emulation: {
        profile: flags.profile,
        timeScale: flags.timeScale,
        idleCpu: flags.idleCpu,
        slotAfterTimeout: flags.slotAfterTimeout,
      },
    },
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
  process.stdout.write(addresses(platform, databases, folder));
  const timer = setInterval(() => void paint(platform, board, () => screen.paint()), paintEveryMs);
  const end = await firstEnd(platform, signal);
  clearInterval(timer);
  screen.close();
  if (end !== null) throw new EnvironmentError([{ message: end }]);
}

async function startPlatform(
  guard: ProcessGuard,
  { port, adminPort, grpc }: EmulateFlags,
  orders: PlatformOrders,
): Promise<RunningPlatform> {
  const { makeLocalPlatform } = await import('../../platform/local/local-platform.ts');
  const { documentedRules } = await import('../../platform/local/rules.ts');
  const ports = { service: port, admin: adminPort, grpc: grpc === true };
  return makeLocalPlatform(guard, documentedRules, ports).start(orders);
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
    maxConnections: flags.maxConnections,
    serviceRoles: [first, ...others],
    guard,
  });
  const postgres = await server.start(signal);
  teardown.add('stop Postgres', 20_000, () => postgres.stop());
  if (flags.setup !== undefined) await runSetup(postgres.service, resolve(flags.setup));
  return postgres.services;
}

async function paint(platform: RunningPlatform, board: EmulationBoard, draw: () => void): Promise<void> {
  board.status(await platform.emulator.status().catch(() => null));
  draw();
}

/** Null: somebody asked for it. */
function firstEnd(platform: RunningPlatform, signal: AbortSignal): Promise<string | null> {
  const asked = new Promise<null>((end) => {
    if (signal.aborted) end(null);
    signal.addEventListener('abort', () => end(null), { once: true });
  });
  return Promise.race([asked, platform.lost]);
}

function addresses(
  { urls, admin }: RunningPlatform,
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
