import { join } from 'node:path';
import { sleep } from '../../base/deadline.ts';
import { EnvironmentError } from '../../base/errors.ts';
import { visible } from '../../base/visible.ts';
import { emulate, type EmulatedDatabase, type RunningEmulation } from '../../verbs/emulate.ts';
import type { EmulatedService } from '../../verbs/emulate/load-services.ts';
import { checkFlags } from '../emulate/check-flags.ts';
import { makeEmulationBoard, type EmulationBoard } from '../emulate/emulation-board.ts';
import type { EmulationScreen } from '../emulate/emulation-screen.ts';
import { plainScreen } from '../emulate/plain-screen.ts';
import { terminalScreen } from '../emulate/terminal-screen.ts';
import type { Ending } from '../ending.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { EmulateFlags } from '../flags.ts';
import { listenForStop } from '../stop-request.ts';

const lookEveryMs = 500;

/** Runs a service, and those beside it, under the emulator until it is stopped: then it exits with 0. */
export async function emulateCommand(
  file: string,
  command: readonly string[],
  flags: EmulateFlags,
  ending: Ending,
): Promise<ExitCode> {
  await checkFlags(flags);
  const stop = listenForStop(ending);
  const board = makeEmulationBoard();
  const screen = process.stderr.isTTY ? terminalScreen(board, flags.color) : plainScreen();
  const left: string[] = [];
  try {
    const showing = { board, screen, signal: stop.signal };
    const running = await start(servicesOf(file, command, flags), flags, showing);
    const end = await untilEnd(running, showing, left);
    if (end !== null) throw new EnvironmentError([{ message: end }]);
    return exitCodes.pass;
  } finally {
    screen.close();
    for (const one of left) process.stderr.write(`not undone: ${visible(one)}\n`);
    stop.dispose();
  }
}

interface Showing {
  readonly board: EmulationBoard;
  readonly screen: EmulationScreen;
  readonly signal: AbortSignal;
}

/** Why it ended by itself, null where it was stopped. What could not be undone is added to `left`. */
async function untilEnd(
  running: RunningEmulation,
  { board, screen, signal }: Showing,
  left: string[],
): Promise<string | null> {
  try {
    return await show(running, board, screen, signal);
  } finally {
    left.push(...(await running.stop()));
  }
}

function start(
  services: readonly [EmulatedService, ...EmulatedService[]],
  flags: EmulateFlags,
  { board, screen, signal }: Showing,
): Promise<RunningEmulation> {
  const { secret, port, adminPort, grpc, profile, timeScale, idleCpu, slotAfterTimeout, seed, out } = flags;
  const database = databaseOf(flags);
  return emulate(services, {
    secrets: secret,
    ...(database === null ? {} : { database }),
    ports: { service: port, admin: adminPort, grpc: grpc === true },
    profile,
    timeScale,
    idleCpu,
    slotAfterTimeout,
    ...(seed === undefined ? {} : { seed }),
    out,
    signal,
    onEvent: (event) => {
      board.event(event);
      screen.event(event);
    },
    onOutput: (line) => screen.output(line),
    onWarning: (text) => screen.warning(text),
  });
}

/** The services as the flags describe them: shell commands take the place of images. */
function servicesOf(
  file: string,
  command: readonly string[],
  { env, container, beside }: EmulateFlags,
): readonly [EmulatedService, ...EmulatedService[]] {
  const containers = Object.entries(container).map(
    ([name, line]) => [name, { command: shell(line) }] as const,
  );
  return [
    { file, command, env, containers: Object.fromEntries(containers) },
    ...beside.map(({ file: other, line }) =>
      line === null ? { file: other } : { file: other, command: shell(line) },
    ),
  ];
}

function shell(line: string): readonly string[] {
  return ['sh', '-c', line];
}

function databaseOf({ postgres, maxConnections, setup, databaseUrl }: EmulateFlags): EmulatedDatabase | null {
  if (databaseUrl !== undefined) return { kind: 'address', address: databaseUrl };
  if (postgres !== true) return null;
  return {
    kind: 'embedded',
    ...(maxConnections === undefined ? {} : { maxConnections }),
    ...(setup === undefined ? {} : { setup }),
  };
}

/** Shows the emulation until it is stopped (null) or ends by itself (the reason). */
async function show(
  running: RunningEmulation,
  board: EmulationBoard,
  screen: EmulationScreen,
  signal: AbortSignal,
): Promise<string | null> {
  screen.addresses(addressLines(running));
  const ended = new AbortController();
  void followStatus(running, board, ended.signal);
  const end = await firstEnd(running, signal);
  ended.abort();
  screen.stopping();
  return end;
}

/** Polls until the signal; after a failed poll the last status stays. */
async function followStatus(
  running: RunningEmulation,
  board: EmulationBoard,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    board.status(await running.status().catch(() => null));
    await sleep(lookEveryMs, signal);
  }
}

/** Null where the signal asked for it. */
function firstEnd({ lost }: RunningEmulation, signal: AbortSignal): Promise<string | null> {
  const asked = new Promise<null>((end) => {
    if (signal.aborted) end(null);
    signal.addEventListener('abort', () => end(null), { once: true });
  });
  return Promise.race([asked, lost]);
}

function addressLines({ urls, admin, database, folder }: RunningEmulation): string {
  return [
    ...Object.entries(urls).map(([name, url]) => `service   ${name}  ${url}`),
    `admin     ${admin.url}/v2/projects/${admin.project}/locations/${admin.location}/services`,
    ...(admin.grpc === null ? [] : [`grpc      ${admin.grpc.host}:${admin.grpc.port}`]),
    `token     ${admin.token}`,
    ...(database === null
      ? []
      : [`postgres  ${database.host}:${database.port}, through a link per instance`]),
    `log       ${join(folder, 'events.ndjson')}`,
    '',
  ].join('\n');
}
