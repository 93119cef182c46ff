import { ServicesClient } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusalOf } from '../../cases/pg-client.ts';
import { freshFolder, startCli, type RunningCli } from '../../support/cli.ts';
import { listenersOf } from '../../support/listeners.ts';
import { descendantsOf } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

/** All doors that there are, with everything switched on that has one. */
interface Doors {
  readonly front: number;
  readonly admin: number;
  readonly grpc: number;
  readonly metadata: number;
  readonly link: number;
  readonly postgres: number;
}

const program = 'scenarios/service/server.mjs';
const call = '/v2/projects/local-project/locations/local/services/api';

let cli: RunningCli;
let token = '';
let doors: Doors;
let environment: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  const setup = resolve('scenarios/service/schema.sql');
  const given = [resolve('test/fixtures/emulate/api.yaml'), '--postgres', '--setup', setup, '--grpc'];
  cli = startCli(['emulate', '--out', await freshFolder(), ...given, '--', 'node', resolve(program)]);
  let said = '';
  cli.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  cli.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(
    () => /^log .*\n/m.test(said),
    () => said,
  );
  const word = (pattern: RegExp): string => pattern.exec(said)?.[1] ?? '';
  token = word(/^token +(\S+)$/m);
  // Between its making and its program's start a process has the environment of whoever made it.
  await until(
    () => (instance() === undefined ? '' : (environmentOf(instance()!.pid)['DB_PORT'] ?? '')) !== '',
    () => said,
  );
  environment = environmentOf(instance()!.pid);
  doors = {
    front: Number(word(/^service .*:(\d+)$/m)),
    admin: Number(word(/^admin +http:\/\/[^/]*:(\d+)\//m)),
    grpc: Number(word(/^grpc .*:(\d+)$/m)),
    postgres: Number(word(/^postgres +[\d.]+:(\d+)/m)),
    metadata: Number(environment['GCE_METADATA_HOST']?.split(':')[1]),
    link: Number(environment['DB_PORT']),
  };
});

afterAll(async () => {
  cli.kill('SIGTERM');
  await cli;
});

const instance = () => descendantsOf(cli.pid!).find(({ command }) => command.includes(program));

function environmentOf(pid: number): Readonly<Record<string, string>> {
  const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return Object.fromEntries(
    lines.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
}

/** The status of an answer to exactly these headers. */
function ask(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((answer, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers });
    sent.once('error', reject);
    sent.once('response', (response) => answer(response.resume().statusCode ?? 0));
    sent.end();
  });
}

test('every listener is on loopback, and there is none beside the ones tried here', () => {
  const processes = descendantsOf(cli.pid!);
  // The program under test is its owner's, and listens where that wants it.
  const own = processes.filter(({ command }) => !command.includes(program)).map(({ pid }) => pid);
  const found = listenersOf([cli.pid!, ...own]);
  expect(found.map(({ address }) => address).filter((address) => address !== '127.0.0.1')).toEqual([]);
  const ascending = (ports: readonly number[]): readonly number[] => [...ports].sort((a, b) => a - b);
  expect(ascending(found.map(({ port }) => port))).toEqual(ascending(Object.values(doors)));
});

test('the Admin API answers to its token, under its own name, and to no page', async () => {
  const authorization = `Bearer ${token}`;
  for (const path of [call, '/emulator/v1/status']) {
    expect(await ask(doors.admin, path, { authorization })).toBe(200);
    expect(await ask(doors.admin, path, {})).toBe(401);
    expect(await ask(doors.admin, path, { authorization: 'Bearer other' })).toBe(401);
    expect(await ask(doors.admin, path, { authorization, host: 'rebound.example' })).toBe(403);
    const origin = `http://127.0.0.1:${doors.admin}`;
    expect(await ask(doors.admin, path, { authorization, origin })).toBe(403);
  }
});

test('the Admin API under gRPC wants the token too', async () => {
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const place = { apiEndpoint: '127.0.0.1', port: doors.grpc, sslCreds: credentials.createInsecure() };
  const services = new ServicesClient(place);
  const get = (headers: Readonly<Record<string, string>>): Promise<unknown> =>
    services.getService({ name: call.replace('/v2/', '') }, { otherArgs: { headers } });
  await get({ authorization: `Bearer ${token}` });
  await expect(get({})).rejects.toMatchObject({ code: 16 });
  await expect(get({ authorization: 'Bearer other' })).rejects.toMatchObject({ code: 16 });
  await services.close();
});

test('the metadata server answers to its header, under its own name, and to no page or proxy', async () => {
  const path = '/computeMetadata/v1/instance/service-accounts/default/token';
  const flavor = { 'metadata-flavor': 'Google' };
  expect(await ask(doors.metadata, path, flavor)).toBe(200);
  expect(await ask(doors.metadata, path, {})).toBe(403);
  expect(await ask(doors.metadata, path, { ...flavor, host: 'rebound.example' })).toBe(403);
  expect(await ask(doors.metadata, path, { ...flavor, origin: 'http://page.example' })).toBe(403);
  expect(await ask(doors.metadata, path, { ...flavor, 'x-forwarded-for': '203.0.113.1' })).toBe(403);
});

test('Postgres lets nobody in without the password, through a link or not', async () => {
  const { DB_USER: user = '', DB_NAME: database = '', DB_PASSWORD: password = '' } = environment;
  expect(password.length).toBeGreaterThanOrEqual(16);
  for (const port of [doors.link, doors.postgres]) {
    const login = { host: '127.0.0.1', port, user, database, password };
    expect(await refusalOf(login)).toBeNull();
    expect(await refusalOf({ ...login, password: 'guessed' })).toBe('28P01');
    expect(await refusalOf({ ...login, user: 'postgres', password: 'postgres' })).toBe('28P01');
  }
});
