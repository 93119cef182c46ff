import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { watchTurns, type TurnWatch } from '../../../base/turn-watch.ts';
import { Exchange, type Destination, type ExchangeSetting } from './exchange.ts';
import { readRequestHead, type RequestHead } from './headers.ts';
import { answer, type AnswerReason } from './platform-answer.ts';
import { readBody, type RequestBody } from './request-body.ts';

/** Answered at once, without any instance. */
export const pingPath = '/_poolproof/ping';

/** Goes the whole way of a request, to a stand-in for an instance (`service/warm-way.ts`). */
export const warmPath = '/_poolproof/warm';

/** Google's front end keeps idle connections for ten minutes; a client is never cut by surprise. */
const keepAliveMs = 620_000;

export interface FrontOrders extends Omit<ExchangeSetting, 'turns'> {
  /** 0 for any free port. */
  readonly port: number;
  /** Draws the revision that takes a request; null when none has traffic. */
  readonly route: () => Destination | null;
  /** Takes the requests for the warm path. */
  readonly warm: Destination;
}

/** The listener that all requests come through. */
export interface RunningFront {
  readonly url: string;
  /** Takes no new connections and cuts idle ones; the others end with their answer. */
  close(): void;
}

export async function openFront(orders: FrontOrders): Promise<RunningFront> {
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0, noDelay: true });
  const setting = { ...orders, turns: watchTurns(orders.nowUs) };
  server.on('request', (request, response) => receive(setting, request, response));
  await listen(server, orders.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeIdleConnections();
    },
  };
}

function receive(
  orders: FrontOrders & { readonly turns: TurnWatch },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (request.url === pingPath) {
    response.end('pong\n');
    return;
  }
  const arrivedUs = orders.nowUs();
  orders.turns.waitedUs();
  const head = readRequestHead(request.rawHeaders);
  const refused = refusalOf(head, orders.maxBodyBytes);
  const destination = refused === null ? destinationOf(orders, request) : null;
  if (destination === null) {
    const reason = refused ?? 'no_traffic';
    orders.onAnswer({ reason, waitedUs: 0, revision: null });
    answer(response, reason);
    return;
  }
  const submit = (body: RequestBody): void =>
    destination.submit(new Exchange(orders, destination, { arrivedUs, request, response, head, body }));
  if (!head.hasBody) {
    submit(null);
    return;
  }
  void readBody(request, head, orders.maxBodyBytes).then((body) => {
    if (body !== 'gone') submit(body);
  });
}

function destinationOf({ route, warm }: FrontOrders, { url }: IncomingMessage): Destination | null {
  return url === warmPath ? warm : route();
}

function refusalOf(head: RequestHead, maxBodyBytes: number): AnswerReason | null {
  if (head.upgrade) return 'upgrade_not_supported';
  return (head.contentLength ?? 0) > maxBodyBytes ? 'request_too_large' : null;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, backlog: 4096 }, resolve);
  });
}
