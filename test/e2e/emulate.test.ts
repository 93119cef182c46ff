import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAdmin } from '../../src/platform/cloud-run/connect-admin.ts';
import type { RunEvent } from '../../src/evidence/event.ts';
import { freshFolder, runCli, startCli, type RunningCli } from '../support/cli.ts';
import { descendantsOf, waitUntilGone, type ProcessId } from '../support/processes.ts';
import { until } from '../support/until.ts';

const fixture = (name: string): string => resolve('test/fixtures', name);
const api = fixture('emulate/api.yaml');
const plain = ['--', 'node', fixture('platform/ok.mjs')];
const worker = `${fixture('emulate/worker.yaml')}=echo "hello from the worker"; exec node ${fixture('platform/ok.mjs')}`;
const orders = ['--', 'node', resolve('scenarios/service/server.mjs')];
const withDatabase = ['--postgres', '--setup', resolve('scenarios/service/schema.sql')];

/** An emulation that is on, and what it said of itself. */
interface Emulation {
  readonly cli: RunningCli;
  readonly urls: Readonly<Record<string, string>>;
  readonly admin: string;
  readonly token: string;
  readonly log: string;
  /** Where its Postgres listens; empty without one. */
  readonly postgres: string;
  readonly stderr: () => string;
  readonly processes: () => readonly ProcessId[];
}

async function startEmulation(...args: readonly string[]): Promise<Emulation> {
  const cli = startCli(['emulate', '--out', await freshFolder(), ...args]);
  let stdout = '';
  let stderr = '';
  cli.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  cli.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await until(
    () => /^log .*\n/m.test(stdout),
    () => `the emulation never said where its log is:\n${stdout}${stderr}`,
  );
  const wordOf = (pattern: RegExp): string => pattern.exec(stdout)?.[1] ?? '';
  const services = [...stdout.matchAll(/^service +(\S+) +(http:\S+)$/gm)];
  return {
    cli,
    urls: Object.fromEntries(services.map(([, name = '', url = '']) => [name, url])),
    admin: wordOf(/^admin +(\S+)$/m),
    token: wordOf(/^token +(\S+)$/m),
    postgres: wordOf(/^postgres +([\d.:]+),/m),
    log: wordOf(/^log +(\S+)$/m),
    stderr: () => stderr,
    processes: () => descendantsOf(cli.pid!),
  };
}

function eventsOf({ log }: Emulation): readonly RunEvent[] {
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RunEvent);
}

const originOf = ({ admin }: Emulation): string => new URL(admin).origin;
const instanceOf = (response: Response): string | null => response.headers.get('x-poolproof-instance');
const revisionOf = (response: Response): string => response.headers.get('x-poolproof-revision') ?? '';

function isListening(address: string): Promise<boolean> {
  const [host = '', port = ''] = address.replace('http://', '').split(':');
  const socket = connect(Number(port), host);
  return new Promise((answer) => {
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

async function listeningOf(addresses: readonly string[]): Promise<readonly string[]> {
  const answers = await Promise.all(addresses.map(isListening));
  return addresses.filter((_, index) => answers[index]);
}

describe('an emulation of two services with a Postgres', () => {
  let emulation: Emulation;
  let first = '';
  const doors: string[] = [];

  const admin = () =>
    connectAdmin({
      project: 'local-project',
      location: 'local',
      url: originOf(emulation),
      token: emulation.token,
    });

  const callAdmin = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(originOf(emulation) + path, {
      ...init,
      headers: { authorization: `Bearer ${emulation.token}` },
    });

  beforeAll(async () => {
    emulation = await startEmulation(api, ...withDatabase, '--beside', worker, ...orders);
    doors.push(...Object.values(emulation.urls), originOf(emulation), emulation.postgres);
  });

  afterAll(() => void emulation.cli.kill('SIGKILL'));

  it('says where everything is: each service, the Admin API, its token, Postgres, the log', async () => {
    expect(Object.keys(emulation.urls)).toEqual(['api', 'worker']);
    expect(emulation.admin).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/v2\/projects\/local-project\/locations\/local\/services$/,
    );
    expect(emulation.token).toMatch(/^\w{20,}$/);
    expect(emulation.log).toMatch(/-emulate-api\/events\.ndjson$/);
    expect(doors).toHaveLength(4);
    expect(await listeningOf(doors)).toEqual(doors);
  });

  it('answers a request out of its database, in a session through a link', async () => {
    const response = await fetch(`${emulation.urls['api']}/orders/1`);
    expect(await response.json()).toMatchObject({ sku: 'sku-1' });
    first = revisionOf(response);
    expect(first).toMatch(/^api-00001-/);
    await until(() => eventsOf(emulation).some((event) => event.kind === 'link' && event.what === 'session'));
    const session = eventsOf(emulation).find((event) => event.kind === 'link' && event.what === 'session');
    expect(session).toMatchObject({ service: 'api', revision: first, role: 'api' });
  });

  it('runs the service beside it at a URL of its own', async () => {
    const env = (await (await fetch(`${emulation.urls['worker']}/env`)).json()) as Record<string, string>;
    expect(env).toMatchObject({ K_SERVICE: 'worker', DB_USER: 'worker', DB_NAME: 'api' });
    expect(emulation.urls['worker']).not.toBe(emulation.urls['api']);
  });

  it('shows starts and what instances print, and keeps both', async () => {
    const said = /i\d+ \S+: hello from the worker/;
    await until(() => said.test(emulation.stderr()), emulation.stderr);
    const ready = /api-00001-\w{3} i\d+ ready \(DEPLOYMENT_ROLLOUT\) in [\d.]+ m?s/;
    await until(() => ready.test(emulation.stderr()), emulation.stderr);
    const output = join(emulation.log, '..', 'output.log');
    await until(() => readFileSync(output, 'utf8').includes('hello from the worker'));
  });

  it('lists its services over the Admin API for who has the token, and for nobody else', async () => {
    const listed = (await (await callAdmin(new URL(emulation.admin).pathname)).json()) as {
      services: { name: string; uri: string }[];
    };
    expect(listed.services.map(({ name, uri }) => [name.split('/').at(-1), uri])).toEqual(
      Object.entries(emulation.urls),
    );
    expect((await fetch(emulation.admin)).status).toBe(401);
    expect((await fetch(emulation.admin, { headers: { authorization: 'Bearer guessed' } })).status).toBe(401);
  });

  it('rolls out a revision that the official client deploys, and logs every step', async () => {
    const { revision } = await (await admin()).deploy('api', { env: { VERSION: '2' } });
    expect(revision).toMatch(/^api-00002-/);
    expect(revisionOf(await fetch(`${emulation.urls['api']}/orders/2`))).toBe(revision);
    const stepsOf = (name: string): readonly string[] =>
      eventsOf(emulation).flatMap((event) =>
        event.kind === 'revision' && event.revision === name ? [event.state] : [],
      );
    await until(() => stepsOf(first).includes('retired'), emulation.stderr);
    expect(stepsOf(revision)).toEqual(['created', 'ready', 'serving']);
    expect(stepsOf(first)).toEqual(['created', 'ready', 'serving', 'retired']);
  });

  it('opens a door of its own for a tag', async () => {
    await (
      await admin()
    ).traffic('api', [
      { revision: null, percent: 100 },
      { revision: first, percent: 0, tag: 'old' },
    ]);
    const { trafficStatuses } = (await (
      await callAdmin('/v2/projects/local-project/locations/local/services/api')
    ).json()) as { trafficStatuses: { tag?: string; uri?: string }[] };
    const door = trafficStatuses.find(({ tag }) => tag === 'old')?.uri ?? '';
    doors.push(door);
    expect(door).not.toBe(emulation.urls['api']);
    expect(revisionOf(await fetch(`${door}/orders/3`))).toBe(first);
    expect(revisionOf(await fetch(`${emulation.urls['api']}/orders/3`))).not.toBe(first);
  });

  it('serves the next request after a knob has killed the instance', async () => {
    const url = `${emulation.urls['worker']}/`;
    const before = instanceOf(await fetch(url));
    const turned = await callAdmin('/emulator/v1/services/worker:turn', {
      method: 'POST',
      body: JSON.stringify({ knob: 'kill', count: 1 }),
    });
    expect(turned.status).toBe(200);
    await until(() => /worker\S+ i\d+ failed \(KILLED\)/.test(emulation.stderr()), emulation.stderr);
    const after = await fetch(url);
    expect(after.status).toBe(200);
    expect(instanceOf(after)).not.toBe(before);
  });

  it('ends with exit 0 within seconds of Ctrl-C, and leaves no process and no open port', async () => {
    const processes = emulation.processes();
    expect(processes.length).toBeGreaterThan(5);
    expect(await listeningOf(doors)).toEqual(doors);
    const askedAt = process.hrtime.bigint();
    emulation.cli.kill('SIGINT');
    const { exitCode, stderr } = await emulation.cli;
    expect(Number(process.hrtime.bigint() - askedAt) / 1e9).toBeLessThan(15);
    expect(exitCode, stderr).toBe(0);
    expect(await waitUntilGone(processes)).toEqual([]);
    expect(await listeningOf(doors)).toEqual([]);
    const last = eventsOf(emulation).filter((event) => event.kind === 'instance');
    expect(last.at(-1)).toMatchObject({ state: 'stopped', reason: 'SHUTDOWN' });
  });
});

it('leaves nothing within seconds of kill -9, Postgres included', async () => {
  const emulation = await startEmulation(api, ...withDatabase, ...orders);
  await fetch(`${emulation.urls['api']}/orders/1`);
  const processes = emulation.processes();
  const doors = [...Object.values(emulation.urls), originOf(emulation), emulation.postgres];
  expect(await listeningOf(doors)).toEqual(doors);
  emulation.cli.kill('SIGKILL');
  await emulation.cli;
  expect(await waitUntilGone(processes)).toEqual([]);
  expect(await listeningOf(doors)).toEqual([]);
});

it('ends with exit 130 and leaves nothing when Ctrl-C comes while the service starts', async () => {
  const cli = startCli(['emulate', '--out', await freshFolder(), api, '--', 'sleep', '60']);
  let said = '';
  cli.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(
    () => said.includes('i1 starting'),
    () => said,
  );
  const processes = descendantsOf(cli.pid!);
  cli.kill('SIGINT');
  const { exitCode, stderr } = await cli;
  expect(exitCode, stderr).toBe(130);
  expect(await waitUntilGone(processes)).toEqual([]);
});

describe('what can not be emulated is refused with exit 2 and without a stack trace', async () => {
  const fixed = ['--', 'node', fixture('platform/fixed-port.mjs'), String(await getPort())];
  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      'a wrong service.yaml, every problem with its place',
      [fixture('emulate/wrong.yaml'), ...plain],
      /^error: \S*wrong\.yaml:8:\d+ .*maxScale.*\nerror: \S*wrong\.yaml:10:7 unknown key .*timeoutSecs"\n {2}hint: did you mean "timeoutSeconds"\?\n2 problems$/,
    ],
    [
      'a service.yaml that is not there',
      [fixture('emulate/none.yaml'), ...plain],
      /^error: can't read .*none\.yaml/,
    ],
    [
      'a program with a fixed port and more than one instance',
      [api, ...fixed],
      /error: container \S+ listens on port \d+ whatever \$PORT says.*\n {2}hint: .*\$PORT.*container/,
    ],
    [
      'a command that does not exist',
      [api, '--', 'no-such-program'],
      /error: command not found: no-such-program/,
    ],
    [
      'two services of one name',
      [api, '--beside', `${api}=true`, ...plain],
      /^error: two services have the name api/,
    ],
    [
      'SQL without a Postgres for it',
      [api, '--setup', 'x.sql', ...plain],
      /^error: --setup .*\n {2}hint: add --postgres$/,
    ],
    [
      'SQL that is not there',
      [api, '--postgres', '--setup', 'x.sql', ...plain],
      /^error: can't read x\.sql: no such file$/,
    ],
    ['a port that is none', [api, '--port', '99999', ...plain], /A port is at most 65535/],
  ];

  it.each(refused)('%s', async (_what, args, message) => {
    const out = await freshFolder();
    const { exitCode, stdout, stderr } = await runCli(['emulate', '--out', out, ...args]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at |defect of poolproof/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it.each(['--port', '--admin-port'])('a %s that is taken, in one line', async (flag) => {
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const { port } = taken.address() as AddressInfo;
    const end = await runCli(['emulate', '--out', await freshFolder(), api, flag, String(port), ...plain]);
    taken.close();
    expect(end.stderr.split('\n').filter((line) => !/^ +\d/.test(line))).toEqual([
      `error: port ${port} is in use by another program`,
    ]);
    expect(end.exitCode).toBe(2);
  });
});

it('lists its options in --help', async () => {
  const { exitCode, stdout } = await runCli(['emulate', '--help']);
  expect(exitCode).toBe(0);
  for (const option of ['--beside', '--env', '--container', '--secret', '--postgres', '--max-connections'])
    expect(stdout).toContain(option);
  for (const option of ['--setup', '--database-url', '--port', '--admin-port', '--grpc', '--profile'])
    expect(stdout).toContain(option);
  for (const option of [
    '--time-scale',
    '--idle-cpu',
    '--slot-after-timeout',
    '--seed',
    '--out',
    '--no-color',
  ])
    expect(stdout).toContain(option);
});
