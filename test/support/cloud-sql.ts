import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { makeAuthority, makeCertificate, type Certificate } from './certificates.ts';

/** The port that Google's connector dials, whatever the address. */
const serverPort = 3307;

/** An instance as the connector finds it. */
export interface CloudSqlOptions {
  /** Where the real Postgres listens. */
  readonly postgresPort: number;
  /** An address of loopback that is this instance's alone. */
  readonly address: string;
}

/** What the Admin API answers with, beside what it should. */
export interface AdminTrouble {
  status: number;
  message: string;
}

/** A Cloud SQL instance on loopback: the Admin API, a metadata server that gives tokens, and TLS before a Postgres. */
export interface CloudSqlStand {
  /** `project:region:instance`. */
  readonly instance: string;
  readonly adminApi: string;
  /** What Google's libraries need to find a token here. */
  readonly env: Readonly<Record<string, string>>;
  /** Calls of the Admin API so far, each with the token in its body where there is one. */
  readonly calls: readonly { readonly path: string; readonly token: string | null }[];
  /** Connections that came in by TLS with a certificate of ours. */
  connections(): number;
  /** Breaks off all of them. */
  cut(): void;
  trouble: AdminTrouble | null;
  /** Whose certificate the server shows; its own unless changed. */
  shows(name: string): void;
  stop(): void;
}

const project = 'orders-test';
const region = 'europe-west1';
const name = 'shop';
const token = 'ya29.of-the-metadata-server';

/** What makes a server the instance's Postgres: whom it lets in, and the databases they go to. */
export const cloudSqlSetup = [
  'create role api login password :password',
  'create database shop owner api',
  'create role watcher login replication password :password',
  'grant pg_monitor to watcher',
  'create role probe login password :password',
  'create database poolproof',
] as const;

/** Starts one; the address must be no other's, since the port is always the same. */
export async function startCloudSql({ postgresPort, address }: CloudSqlOptions): Promise<CloudSqlStand> {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-sql-'));
  const identity = {
    folder,
    address,
    serverCa: makeAuthority(folder, 'server-ca'),
    clientCa: makeAuthority(folder, 'client-ca'),
  };
  const front = await startFront(identity, postgresPort);
  const calls: Call[] = [];
  const stand = { trouble: null as AdminTrouble | null };
  const api = await startApi(identity, stand, calls);
  const at = `127.0.0.1:${(api.address() as AddressInfo).port}`;
  return Object.assign(stand, {
    instance: `${project}:${region}:${name}`,
    adminApi: `http://${at}/`,
    env: { GCE_METADATA_HOST: at, METADATA_SERVER_DETECTION: 'assume-present', HOME: folder },
    calls,
    connections: front.connections,
    cut: front.cut,
    shows: front.shows,
    stop: () => {
      front.stop();
      api.close();
      api.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** The instance's own authority, the one of its clients, and where it is. */
interface Identity {
  readonly folder: string;
  readonly address: string;
  readonly serverCa: Certificate;
  readonly clientCa: Certificate;
}

type Front = Pick<CloudSqlStand, 'connections' | 'cut' | 'shows' | 'stop'>;
type Call = CloudSqlStand['calls'][number];

/** TLS before the Postgres, on the port that the connector dials. */
async function startFront(
  { folder, address, serverCa, clientCa }: Identity,
  postgresPort: number,
): Promise<Front> {
  const own = makeCertificate(folder, `${project}:${name}`, serverCa);
  const other = makeCertificate(folder, `${project}:another`, serverCa);
  const contextOf = (shown: Certificate): TlsOptions => ({
    ...pemOf(shown),
    ca: readFileSync(clientCa.cert),
    minVersion: 'TLSv1.3',
  });
  const sockets = new Set<Socket>();
  let connections = 0;
  const front = createTlsServer({ ...contextOf(own), requestCert: true, allowHalfOpen: true });
  front.on('secureConnection', (client) => {
    connections += 1;
    const server = connect({ port: postgresPort, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.pipe(server).pipe(client);
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  });
  front.listen(serverPort, address);
  await once(front, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    connections: () => connections,
    cut,
    shows: (whose) => front.setSecureContext(contextOf(whose === name ? own : other)),
    stop: () => {
      front.close();
      cut();
    },
  };
}

/** The Admin API and the metadata server, both on one port. */
async function startApi(
  { folder, address, serverCa, clientCa }: Identity,
  stand: { readonly trouble: AdminTrouble | null },
  calls: Call[],
): Promise<Server> {
  const api = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const path = new URL(request.url ?? '/', 'http://x').pathname;
      if (path.startsWith('/computeMetadata/')) answerToken(path, response);
      else {
        calls.push({ path, token: (body['access_token'] as string | undefined) ?? null });
        const { trouble } = stand;
        const key = body['public_key'];
        if (trouble !== null) json(response, { error: { ...trouble, code: trouble.status } }, trouble.status);
        else if (path.endsWith('connectSettings')) json(response, settings(address, serverCa));
        else json(response, { ephemeralCert: { cert: signKey(folder, String(key), clientCa) } });
      }
    });
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  return api;
}

function settings(address: string, serverCa: Certificate): object {
  return {
    kind: 'sql#connectSettings',
    region,
    databaseVersion: 'POSTGRES_15',
    backendType: 'SECOND_GEN',
    ipAddresses: [{ type: 'PRIMARY', ipAddress: address }],
    serverCaCert: {
      cert: readFileSync(serverCa.cert, 'utf8'),
      expirationTime: new Date(Date.now() + 86_400_000).toISOString(),
    },
  };
}

/** The Admin API gets a public key and gives a certificate for it. */
function signKey(folder: string, key: string, authority: Certificate): string {
  const file = join(folder, 'client.pub');
  writeFileSync(file, key);
  const signer = ['-CA', authority.cert, '-CAkey', authority.key, '-days', '1'];
  const made = ['x509', '-new', '-force_pubkey', file, '-subj', '/CN=client', ...signer];
  return execFileSync('openssl', made, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function pemOf({ cert, key }: Certificate): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

function answerToken(path: string, response: ServerResponse): void {
  response.setHeader('metadata-flavor', 'Google');
  if (path.endsWith('/token'))
    json(response, { access_token: token, expires_in: 3599, token_type: 'Bearer' });
  else if (path.endsWith('/project/project-id')) response.end(project);
  else if (path.includes('universe')) response.writeHead(404).end();
  else json(response, {});
}

function json(response: ServerResponse, value: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
