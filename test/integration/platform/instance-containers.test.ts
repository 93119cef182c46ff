import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import type { ResourceContainer } from '../../../src/contract/cloud-run/resource-container.ts';
import type { InstanceEnd } from '../../../src/platform/local/instance/instance.ts';
import { until } from '../../support/until.ts';
import { app, leaveNothing, startInstance } from './instance-case.ts';

let guard: ProcessGuard;
let files: string;

beforeAll(() => {
  guard = startProcessGuard();
  files = mkdtempSync('/tmp/ppf-');
});

afterEach(leaveNothing);

afterAll(() => {
  guard.dismiss();
  rmSync(files, { recursive: true });
});

const sidecar: ResourceContainer = {
  name: 'side',
  command: ['node', 'sidecar.mjs', '$PORT', '300'],
  env: [{ name: 'ROLE', value: 'helper of $(K_SERVICE)' }],
  startupProbe: { tcpSocket: { port: 6432 }, periodSeconds: 1, failureThreshold: 10 },
};

const withSidecar: readonly ResourceContainer[] = [
  {
    ...app,
    args: ['${port:side}'],
    env: [{ name: 'SIDE', value: '127.0.0.1:${port:side}' }],
    dependsOn: ['side'],
  },
  sidecar,
];

function secretFile(name: string, text: string): string {
  const file = join(files, name);
  writeFileSync(file, text);
  return file;
}

async function endOf(ready: Promise<'ready' | InstanceEnd>): Promise<InstanceEnd> {
  const how = await ready;
  if (how === 'ready') throw new Error('the instance is ready');
  return how;
}

test('an app starts after the sidecar that it depends on, and reaches it at the port it was told', async () => {
  const { ready, call, lines, states } = startInstance({ containers: withSidecar }, guard);
  expect(await ready).toBe('ready');
  const [port] = (await call('/argv')) as [string];
  expect(await call(`/fetch?port=${port}`)).toBe('sidecar helper of api undefined');
  expect(await call('/env')).toMatchObject({ SIDE: `127.0.0.1:${port}` });
  await until(() => lines.length === 3);
  expect(lines.map(({ container, stream, text }) => [container, stream, text])).toEqual([
    ['side', 'stderr', 'sidecar waits 300 ms'],
    ['side', 'stdout', 'sidecar listens'],
    ['app', 'stdout', expect.stringMatching(/^listening on \d+$/)],
  ]);
  expect(states()).toEqual(['starting AUTOSCALING', 'ready AUTOSCALING']);
});

test('when a sidecar ends, the instance ends with it', async () => {
  const { ready, call, ended, states } = startInstance({ containers: withSidecar }, guard);
  await ready;
  const [port] = (await call('/argv')) as [string];
  await fetch(`http://127.0.0.1:${port}/exit`).catch(() => undefined);
  expect(await ended).toMatchObject({ cause: 'exited', container: 'side', exit: { code: 5 } });
  expect(states().at(-1)).toBe('failed EXITED');
});

test('containers that depend on each other in a circle are refused before any is started', async () => {
  const containers = [app, { ...sidecar, dependsOn: ['app'] }].map((one) =>
    one.name === 'app' ? { ...one, dependsOn: ['side'] } : one,
  );
  const { ready, lines, problemOf } = startInstance({ containers }, guard);
  expect(problemOf(await endOf(ready))).toMatch(/in a circle: app -> side -> app/);
  expect(lines).toEqual([]);
});

test('a secret is a file with its mode and a variable without its line end', async () => {
  const { ready, call } = startInstance(
    {
      containers: [
        {
          ...app,
          args: ['--key=/opt/vault/tls.key'],
          env: [
            { name: 'API_KEY', valueSource: { secretKeyRef: { secret: 'api-key', version: 'latest' } } },
            { name: 'KEY_FILE', value: '/opt/vault/tls.key' },
            { name: 'CERT_FILE', value: '/opt/cert/client/cert.pem' },
          ],
          volumeMounts: [
            { name: 'vault', mountPath: '/opt/vault' },
            { name: 'cert', mountPath: '/opt/cert/' },
          ],
        },
      ],
      template: {
        volumes: [
          { name: 'vault', secret: { secret: 'tls', items: [{ path: 'tls.key' }], defaultMode: 0o400 } },
          { name: 'cert', secret: { secret: 'cert', items: [{ path: 'client/cert.pem' }] } },
        ],
      },
      service: {
        secretFiles: {
          'api-key': secretFile('api-key', 'k3y\n'),
          tls: secretFile('tls', 'private\n'),
          cert: secretFile('cert', 'public\n'),
        },
      },
    },
    guard,
  );
  expect(await ready).toBe('ready');
  const env = (await call('/env')) as Record<string, string>;
  expect(env['API_KEY']).toBe('k3y');
  expect(await call(`/file?path=${env['KEY_FILE']}`)).toEqual({ text: 'private\n', mode: 0o400 });
  expect(await call(`/file?path=${env['CERT_FILE']}`)).toEqual({ text: 'public\n', mode: 0o444 });
  expect(await call('/argv')).toEqual([`--key=${env['KEY_FILE']}`]);
});

test('a secret without a file is named, with the key that declares one', async () => {
  const env = [{ name: 'API_KEY', valueSource: { secretKeyRef: { secret: 'api-key' } } }];
  const { ready, problemOf } = startInstance({ containers: [{ ...app, env }] }, guard);
  expect(problemOf(await endOf(ready))).toMatch(/secret api-key.*"secrets: \{ api-key: /s);
});

test('a program that is not there is named', async () => {
  const { ready, problemOf, states } = startInstance(
    { containers: [{ ...app, command: ['no-such-program'] }] },
    guard,
  );
  expect(problemOf(await endOf(ready))).toMatch(/^command not found: no-such-program/);
  expect(states()).toEqual(['starting AUTOSCALING', 'failed NOT_STARTED']);
});

test('a program with a fixed port is refused where there may be several instances', async () => {
  const port = await getPort();
  const containers = [{ ...app, env: [{ name: 'FIXED_PORT', value: String(port) }] }];
  const { ready, problemOf } = startInstance({ containers }, guard);
  const problem = problemOf(await endOf(ready));
  expect(problem).toMatch(
    /^container app listens on port \d+ whatever \$PORT says.*let it listen on \$PORT.*image:/s,
  );
  expect(problem).toContain(`port ${port} `);
});

test('a sidecar with a fixed port is refused although its startup probe passes', async () => {
  const port = await getPort();
  const fixed = {
    ...sidecar,
    command: ['node', 'sidecar.mjs', String(port)],
    startupProbe: { tcpSocket: { port }, periodSeconds: 1, failureThreshold: 30 },
  };
  const { ready, problemOf } = startInstance({ containers: [app, fixed] }, guard);
  const end = await endOf(ready);
  expect(end).toMatchObject({ cause: 'fixed_port', container: 'side', fixedPorts: [port] });
  expect(problemOf(end)).toContain('${port:side}');
});

test('with one instance at most, a fixed port is taken as it is', async () => {
  const port = await getPort();
  const { ready, call } = startInstance(
    {
      containers: [
        {
          ...app,
          ports: [{ containerPort: port }],
          env: [{ name: 'FIXED_PORT', value: String(port) }],
        },
      ],
      template: { scaling: { maxInstanceCount: 1 } },
    },
    guard,
  );
  expect(await ready).toBe('ready');
  expect(await call('/')).toBe('ok');
});

test('the client library of Google gets project, token and identity from the metadata server', async () => {
  const script = `
    import { GoogleAuth } from 'google-auth-library';
    const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
    const client = await auth.getIdTokenClient('https://a.example');
    const headers = new Headers(await client.getRequestHeaders());
    const claims = headers.get('authorization').split('.')[1];
    console.log(JSON.stringify({
      project: await auth.getProjectId(),
      token: await auth.getAccessToken(),
      audience: JSON.parse(Buffer.from(claims, 'base64url')).aud,
    }));
    setInterval(() => undefined, 1000);
  `;
  const client = { name: 'client', command: ['node', '--input-type=module', '-e', script] };
  const { ready, lines } = startInstance({ containers: [app, client] }, guard);
  expect(await ready).toBe('ready');
  const said = (): readonly string[] =>
    lines.flatMap((one) => (one.container === 'client' ? [one.text] : []));
  await until(() => said().length > 0);
  expect(JSON.parse(said()[0] ?? '')).toEqual({
    project: 'shop',
    token: 'poolproof-local-token',
    audience: 'https://a.example',
  });
});
