import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wallMs } from '../../../../base/clock.ts';
import { metadataAnswer, type MetadataFacts } from './metadata-answer.ts';

/** The running metadata server of one instance. */
export interface RunningMetadataServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Starts the metadata server of one instance on a free port of this address, which may have further names. */
export async function startMetadataServer(
  facts: Pick<MetadataFacts, 'project' | 'location' | 'instance' | 'names'>,
  host: string,
): Promise<RunningMetadataServer> {
  const names = [host, ...facts.names];
  let port = 0;
  const server = createServer((request, response) => {
    const { method = '', url = '/', headers } = request;
    const nowSec = (): number => Math.floor(wallMs() / 1000);
    const { status, type, body } = metadataAnswer(
      { method, url, headers },
      { ...facts, names, port, nowSec },
    );
    response.writeHead(status, {
      'content-type': type,
      'metadata-flavor': 'Google',
      server: 'Metadata Server for Serverless',
    });
    response.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: 0 }, resolve);
  });
  port = (server.address() as AddressInfo).port;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
