import type { Expectation, RequestSpec } from '../../scenario/requests/request-spec.ts';
import type { Call } from '../lane/call.ts';
import { makeBodyCheck, type BodyCheck } from '../answer/check-answer.ts';
import type { CookieJars } from './cookies.ts';
import type { Outgoing } from './outgoing.ts';
import { compileRequests, type MakeRequest } from './requests.ts';
import type { LaneOrders } from '../lane/thread-message.ts';
import type { Incoming } from '../transport.ts';

/** Makes the requests of calls, and looks at the answers as their routes want it. */
export class Dresser {
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

  /** The token that requests carry from here on. */
  authorize(token: string): void {
    this.#token = token;
  }

  /** The same call always gives the same request, whichever attempt it is, but for cookies and tokens. */
  request(call: Call): Outgoing {
    const make = this.#requests[call.route];
    if (make === undefined)
      throw new RangeError(`the plan has a route ${call.route} that the scenario has not`);
    const request = make(call);
    const extra = this.#extraOf(call, request.path);
    return extra.length === 0 ? request : { ...request, extra };
  }

  /** Whether the answer is as its route expects it; null where nothing is expected, or can be told. */
  check(call: Call, { status, headers, bytes, body }: Incoming): boolean | null {
    return status === null ? null : (this.#checks[call.route]?.(status, headers, bytes, body) ?? null);
  }

  /** Which statuses are ok. */
  expectation({ route }: Call): Expectation {
    return this.#spec(route).expect;
  }

  /** A client keeps what cookies it is given. */
  keepCookies(call: Call, { headers }: Incoming): void {
    const given = headers['set-cookie'];
    if (this.#jars === null || given === undefined) return;
    // A cookie without a path is for the folder of the request that was answered.
    const path = this.#requests[call.route]?.(call).path ?? '/';
    this.#jars.store(call.client, this.#orders.url + path, [given].flat());
  }

  #extraOf({ client }: Call, path: string): readonly string[] {
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
