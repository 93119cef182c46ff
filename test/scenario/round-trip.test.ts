import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { clientShape, makeClient, writeClient } from '../../src/scenario/clients/client-codec.ts';
import {
  customPolicy,
  policies,
  policyNames,
  statusClass,
} from '../../src/scenario/clients/client-policies.ts';
import {
  noRetry,
  type Client,
  type RetryBudget,
  type RetryPolicy,
} from '../../src/scenario/clients/client.ts';
import { makeRequest, requestShape, writeRequest } from '../../src/scenario/requests/request-codec.ts';
import type { RequestSpec } from '../../src/scenario/requests/request-spec.ts';
import { calibrateCodec } from '../../src/scenario/traffic/calibrate.ts';
import { leakProbeShape, makeLeakProbe, writeLeakProbe } from '../../src/scenario/traffic/leak-probe.ts';
import { makeTraffic, trafficShape, writeTraffic } from '../../src/scenario/traffic/traffic-codec.ts';
import type { ArrivalProcess, LoadShape, Phase, Think } from '../../src/scenario/traffic/traffic.ts';
import { bytesPerSec, durationMs, ratePerSec } from '../../src/scenario/language/with-unit.ts';

/** A value as it comes back from the text that it is written as. */
function throughText<S extends z.ZodType>(shape: S, value: z.output<S>): z.output<S> {
  return z.decode(shape, parse(stringify(z.encode(shape, value))) as z.input<S>);
}

/** Positive, with digits to lose. */
const number = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000 }),
  fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
);
const ms = number;
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 :'"#_-]{0,12}$/);
const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });

describe('quantities', () => {
  test.each([
    ['durations', durationMs],
    ['rates', ratePerSec],
    ['speeds', bytesPerSec],
  ])('%s come back with all their digits', (_, quantity) => {
    fc.assert(
      fc.property(number, (value) => {
        expect(throughText(quantity, value)).toBe(value);
      }),
    );
  });
});

describe('client', () => {
  const amount = fc.double({ min: 0.001, max: 1000, noNaN: true });
  const budget: fc.Arbitrary<RetryBudget | null> = fc.oneof(
    fc.constant(null),
    fc.record({
      kind: fc.constant('ratio' as const),
      ratio: fc.double({ min: 0, max: 10, noNaN: true }),
      minRetriesPerSec: amount,
      ttlMs: fc.double({ min: 1000, max: 60_000, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant('tokens' as const),
      maxTokens: fc.integer({ min: 3, max: 1000 }),
      tokenRatio: amount,
    }),
    fc.record({
      kind: fc.constant('quota' as const),
      initialTokens: amount,
      retryCost: amount,
      timeoutRetryCost: amount,
      successRefill: amount,
    }),
  );
  const statuses = fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 400, max: 599 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom([], statusClass(4), statusClass(5)),
    )
    .map((several) => [...new Set(several.flat())].sort((a, b) => a - b));
  const custom: fc.Arbitrary<RetryPolicy> = fc.record({
    name: fc.constant(customPolicy.name),
    maxAttempts: fc.integer({ min: 1, max: 100 }),
    backoff: fc.record({
      initialMs: ms,
      maxMs: ms,
      multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
      jitter: fc.constantFrom('none', 'full', 'equal', 'decorrelated'),
    }),
    throttledInitialMs: fc.option(ms),
    retryOn: fc.record({ statuses, connect: fc.boolean(), timeout: fc.boolean() }),
    retryAfter: fc.constantFrom('ignore', 'minimum', 'exact'),
    budget,
    layers: fc.integer({ min: 1, max: 10 }),
  });
  const client: fc.Arbitrary<Client> = fc.record({
    count: fc.integer({ min: 1, max: 1000 }),
    timeoutMs: ms,
    deadlineMs: ms,
    connections: fc.constantFrom('keep_alive', 'fresh'),
    cookies: fc.boolean(),
    idToken: fc.option(fc.record({ audience: word })),
    retry: fc.oneof(custom, fc.constantFrom(noRetry, ...policyNames.map((name) => policies[name]))),
  });

  test('comes back as it was written', () => {
    fc.assert(
      fc.property(client, (one) => {
        expect(makeClient(throughText(clientShape, writeClient(one)), 1)).toEqual(one);
      }),
    );
  });
});

describe('a request', () => {
  const headers = fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,9}$/), word, { maxKeys: 3 });
  const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>;
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z-]{0,9}$/), { maxLength: 3 });
  const expectation: fc.Arbitrary<RequestSpec['expect']> = fc.record({
    status: fc.array(fc.integer({ min: 100, max: 599 }), { maxLength: 3 }),
    headers: fc.oneof(
      names.map((all) => all.map((name) => ({ name, contains: null }))),
      headers.map((all) => Object.entries(all).map(([name, contains]) => ({ name, contains }))),
    ),
    json: fc.oneof(
      names.map((all) => all.map((name) => ({ path: `$.${name}`, is: null }))),
      fc.tuple(names, json).map(([all, value]) => all.map((name) => ({ path: `$.${name}`, is: { value } }))),
    ),
    bodyNotEmpty: fc.boolean(),
  });
  const body: fc.Arbitrary<RequestSpec['body']> = optional(
    fc.oneof(
      json.map((value) => ({ kind: 'json' as const, value })),
      headers.map((fields) => ({ kind: 'form' as const, fields })),
      word.map((text) => ({ kind: 'text' as const, text })),
    ),
  );
  const request = fc
    .record({
      name: word,
      weight: number,
      method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
      path: word.map((text) => `/${text}`),
      headers,
      body,
      holdMs: optional(ms),
      expect: expectation,
    })
    // A key that is not there is left out, not undefined.
    .map((one) => JSON.parse(JSON.stringify(one)) as RequestSpec);

  test('comes back as it was written', () => {
    fc.assert(
      fc.property(request, (one) => {
        expect(makeRequest(throughText(requestShape, writeRequest(one)))).toEqual(one);
      }),
    );
  });
});

describe('traffic', () => {
  const process: fc.Arbitrary<ArrivalProcess> = fc.oneof(
    fc.constantFrom({ kind: 'uniform' as const }, { kind: 'poisson' as const }),
    fc.record({
      kind: fc.constant('mmpp' as const),
      low: fc.double({ min: 0, max: 0.99, noNaN: true }),
      highForMs: ms,
      lowForMs: ms,
    }),
  );
  const think: fc.Arbitrary<Think> = fc.oneof(
    fc.record({ law: fc.constantFrom('constant' as const, 'exponential' as const), meanMs: ms }),
    fc.record({ law: fc.constant('lognormal' as const), meanMs: ms, sigma: fc.constantFrom(0.5, 1, 5) }),
    fc.record({ law: fc.constant('pareto' as const), meanMs: ms, alpha: fc.constantFrom(1.1, 1.5) }),
  );
  const requests = fc.integer({ min: 1, max: 1000 });
  const rated: fc.Arbitrary<LoadShape> = fc.oneof(
    fc.record({ kind: fc.constant('constant' as const), ratePerSec: number }),
    fc.record({ kind: fc.constant('ramp' as const), ratePerSec: number, toPerSec: number }),
    fc.record({
      kind: fc.constant('steps' as const),
      ratesPerSec: fc.array(number, { minLength: 2, maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant('spikes' as const),
      ratePerSec: number,
      peakPerSec: number,
      widthMs: ms,
      everyMs: ms,
    }),
    fc.record({ kind: fc.constant('burst' as const), ratePerSec: number, requests, withinMs: ms }),
    fc.record({ kind: fc.constant('sync' as const), ratePerSec: number, requests, everyMs: fc.option(ms) }),
  );
  const unrated: fc.Arbitrary<LoadShape> = fc.oneof(
    fc.record({ kind: fc.constant('closed' as const), clients: requests, think }),
    fc.record({
      kind: fc.constant('replay' as const),
      file: word,
      speed: number,
      atUs: fc.constant([0, 5]),
      routes: fc.constant([null, 0]),
    }),
  );
  const phase: fc.Arbitrary<Phase> = fc
    .tuple(
      fc.record({
        name: fc.stringMatching(/^[a-z]{1,8}$/),
        durationMs: ms,
        stress: fc.boolean(),
        arrivals: process,
      }),
      fc.oneof(
        fc.oneof(rated, unrated).map((shape) => ({ shape })),
        rated.map((shape) => ({ shape, ofCapacity: true as const })),
      ),
    )
    .map(([one, load]) => ({ ...one, ...load }));
  const traffic = fc.record({
    arrivals: process,
    maxInFlight: fc.integer({ min: 1, max: 1000 }),
    phases: fc.tuple(phase, phase),
  });

  test('comes back as it was written', () => {
    fc.assert(
      fc.property(traffic, (one) => {
        const replays = new Map(
          one.phases.flatMap(({ shape }, index) => (shape.kind === 'replay' ? [[index, shape]] : [])),
        );
        expect(makeTraffic(throughText(trafficShape, writeTraffic(one)), replays)).toEqual(one);
      }),
    );
  });

  test('calibrate comes back as it was written', () => {
    const calibrate = fc.record({
      startPerSec: number,
      stepMs: fc.double({ min: 5000, max: 600_000, noNaN: true }),
      factor: fc.double({ min: 1.05, max: 4, noNaN: true }),
      maxSteps: fc.integer({ min: 2, max: 40 }),
      again: fc.boolean(),
    });
    fc.assert(
      fc.property(calibrate, (one) => {
        expect(throughText(calibrateCodec, one)).toEqual(one);
      }),
    );
  });

  test('leak_probe comes back as it was written', () => {
    const requestsOfIt = [{ name: 'read' }, { name: 'report' }];
    const probe = fc.record({
      route: fc.constantFrom(0, 1),
      holdMs: fc.double({ min: 200, max: 1e6, noNaN: true }),
    });
    fc.assert(
      fc.property(probe, (one) => {
        const written = throughText(leakProbeShape, writeLeakProbe(one, requestsOfIt));
        expect(makeLeakProbe(written, requestsOfIt)).toEqual(one);
      }),
    );
  });
});
