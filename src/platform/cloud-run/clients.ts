import { RevisionsClient, ServicesClient } from '@google-cloud/run';
import { PassThroughClient } from 'google-auth-library';
import { isObject, type JsonObject } from '../json.ts';
import type { AdminPlace } from './cloud-run-admin.ts';

/** Google's own endpoint. */
const googleUrl = 'https://run.googleapis.com';

/** The official clients for one place, in REST mode, and their way to it for JSON that they would cut short. */
export interface Clients {
  readonly services: ServicesClient;
  readonly revisions: RevisionsClient;
  /** A call with the clients' own credentials and transport; `path` without `/v2/`. */
  readonly rest: (method: 'GET' | 'PATCH', path: string, body?: JsonObject) => Promise<JsonObject>;
}

/** What every change of a service needs. */
export interface Connection {
  readonly clients: Clients;
  /** `projects/P/locations/L/services/S` */
  readonly nameOf: (service: string) => string;
  /** How long one change may take. */
  readonly limitMs: number;
}

/** The part used of the clients' auth, which is a client of the auth library or makes one. */
interface Transport {
  request(orders: { url: string; method: string; data?: unknown }): Promise<{ data: unknown }>;
}

export function openClients({ url, token }: AdminPlace): Clients {
  const base = url === undefined ? googleUrl : url.replace(/\/$/, '');
  const options = { fallback: true, ...(url === undefined ? {} : endpointOf(new URL(base), token)) };
  const services = new ServicesClient(options);
  const transport = services.auth as Transport;
  return {
    services,
    revisions: new RevisionsClient(options),
    rest: async (method, path, body) => {
      const orders = { url: `${base}/v2/${path}`, method, ...(body === undefined ? {} : { data: body }) };
      const { data } = await transport.request(orders);
      if (!isObject(data)) throw new Error(`${method} ${path} was answered with something else than JSON`);
      return data;
    },
  };
}

type ClientOptions = NonNullable<ConstructorParameters<typeof ServicesClient>[0]>;

function endpointOf(url: URL, token: string | undefined): ClientOptions {
  const isPlain = url.protocol === 'http:';
  return {
    protocol: isPlain ? 'http' : 'https',
    apiEndpoint: url.hostname,
    port: Number(url.port === '' ? (isPlain ? 80 : 443) : url.port),
    // The client has an older copy of the auth library of its own: the same class to it, another to TypeScript.
    authClient: new TokenClient(token) as unknown as NonNullable<ClientOptions['authClient']>,
  };
}

type RequestOptions = Parameters<PassThroughClient['request']>[0];

/** Sends one fixed bearer token, and asks nobody for it. */
class TokenClient extends PassThroughClient {
  readonly #token: string | undefined;

  constructor(token: string | undefined) {
    super();
    this.#token = token;
  }

  override request<T>(options: RequestOptions): ReturnType<typeof PassThroughClient.prototype.request<T>> {
    const headers = new Headers(options.headers);
    if (this.#token !== undefined) headers.set('authorization', `Bearer ${this.#token}`);
    // An emulator is on this machine: a proxy of the environment doesn't lead there.
    return super.request<T>({ ...options, headers, noProxy: ['127.0.0.1', 'localhost'] });
  }
}
