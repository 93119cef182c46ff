import type { Expectation, RequestSpec } from '../../scenario/requests/request-spec.ts';
import type { LogicalRequest } from '../lane/logical-request.ts';
import { makeBodyCheck, type BodyCheck } from '../answer/check-answer.ts';
import type { CookieJars } from './cookies.ts';
import type { HttpRequest } from './http-request.ts';
import { compileRequests, type MakeRequest } from './requests.ts';
import type { LaneOrders } from '../lane/thread-message.ts';
import type { Incoming } from '../transport.ts';

/** Builds HTTP requests, and checks the answers against what their routes expect. */
export class RequestBuilder {
  readonly #orders: LaneOrders;
  readonly #requests: readonly MakeRequest[];
  readonly #checks: readonly BodyCheck[];
  readonly #jars: CookieJars | null;
  #token: string | null;

  constructor(orders: LaneOrders, jars: CookieJars | null) {
    this.#orders = orders;
    this.#requests = compileRequests(orders.requests, orders.data, orders.seed);
    this.#checks = orders.requests.map(({ expect }) => makeBodyCheck(expect));
    this.#jars = jars;
    this.#token = orders.token;
  }

  /** Sets the token that requests carry from now on. */
  authorize(token: string): void {
    this.#token = token;
  }

  /** Every attempt of a request is built the same, except for cookies and the token. */
  build(logical: LogicalRequest): HttpRequest {
    const make = this.#requests[logical.route];
    if (make === undefined)
      throw new RangeError(`the plan has a route ${logical.route} that the scenario does not have`);
    const request = make(logical);
    const extra = this.#extraOf(logical, request.path);
    return extra.length === 0 ? request : { ...request, extra };
  }

  /** Whether the answer is what its route expects; null where nothing is expected, or it can't be known. */
  check({ route }: LogicalRequest, { status, headers, bytes, body }: Incoming): boolean | null {
    return status === null ? null : (this.#checks[route]?.(status, headers, bytes, body) ?? null);
  }

  /** Which statuses are ok. */
  expectation({ route }: LogicalRequest): Expectation {
    return this.#spec(route).expect;
  }

  /** Stores the cookies that the client was given. */
  keepCookies(logical: LogicalRequest, { headers }: Incoming): void {
    const given = headers['set-cookie'];
    if (this.#jars === null || given === undefined) return;
    // A cookie without a path belongs to the folder of the request that was answered (RFC 6265, 5.1.4).
    const path = this.#requests[logical.route]?.(logical).path ?? '/';
    this.#jars.store(logical.client, this.#orders.url + path, [given].flat());
  }

  #extraOf({ client }: LogicalRequest, path: string): readonly string[] {
    const cookies = this.#jars?.headerFor(client, this.#orders.url + path) ?? null;
    if (cookies === null && this.#token === null) return none;
    return [
      ...(cookies === null ? none : ['cookie', cookies]),
      ...(this.#token === null ? none : ['authorization', `Bearer ${this.#token}`]),
    ];
  }

  #spec(route: number): RequestSpec {
    return this.#orders.requests[route] ?? this.#orders.requests[0];
  }
}

const none: readonly string[] = [];
