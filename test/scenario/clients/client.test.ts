import { stringify } from 'yaml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Problem } from '../../../src/base/errors.ts';
import { checkShape } from '../../../src/base/shape.ts';
import { parseYaml } from '../../../src/base/yaml.ts';
import { checkClient } from '../../../src/scenario/clients/check-client.ts';
import { clientShape, makeClient, writeClient } from '../../../src/scenario/clients/client-codec.ts';
import { policies, policyNames } from '../../../src/scenario/clients/client-policies.ts';
import { noRetry, type Client } from '../../../src/scenario/clients/client.ts';
import { withoutNotBuilt } from '../../../src/scenario/not-built.ts';

interface Read {
  readonly client: Client | null;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Reads a `client:` section as scenarios are read; the longest request takes 30 s. */
function read(text: string): Read {
  const source = parseYaml(`client: ${text}\n`, 'x.yaml');
  const built = withoutNotBuilt(source.value, source);
  const { client } = built.value as { client: unknown };
  const shape = checkShape(clientShape, source, client, ['client']);
  const checked = shape.ok ? checkClient(shape.value, source) : { problems: shape.problems, warnings: [] };
  const problems = [...built.problems, ...checked.problems].map(written);
  const isSound = shape.ok && problems.length === 0;
  return { client: isSound ? makeClient(shape.value, 30_000) : null, problems, warnings: checked.warnings };
}

function written({ message, place, hint }: Problem): string {
  return `${place?.column ?? '?'} ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

const retryOf = (text: string): Client['retry'] | undefined =>
  read(`{ clients: 1, retry: ${text} }`).client?.retry;

describe('client', () => {
  it('has defaults for everything', () => {
    expect(read('{}').client).toEqual({
      count: 1,
      timeoutMs: 42_000,
      deadlineMs: 30_000,
      connections: 'keep_alive',
      cookies: false,
      idToken: null,
      retry: noRetry,
    });
  });

  it('is read key by key', () => {
    const text =
      '{ clients: 100, timeout: 1s, deadline: 3s, connections: fresh, cookies: true, id_token: { audience: "https://a" }, retry: naive }';
    expect(read(text).client).toEqual({
      count: 100,
      timeoutMs: 1000,
      deadlineMs: 3000,
      connections: 'fresh',
      cookies: true,
      idToken: { audience: 'https://a' },
      retry: policies.naive,
    });
  });
});

describe('client.retry', () => {
  it.each(policyNames)('%s is a policy by its name, and by policy: alone', (name) => {
    expect(retryOf(name)).toEqual(policies[name]);
    expect(retryOf(`{ policy: ${name} }`)).toEqual(policies[name]);
  });

  it('the policies carry the numbers of their sources', () => {
    expect(policies.grpc).toMatchObject({
      maxAttempts: 4,
      backoff: { initialMs: 100, maxMs: 1000, multiplier: 2, jitter: 'full' },
      budget: { kind: 'tokens', maxTokens: 10, tokenRatio: 0.1 },
    });
    expect(policies.aws_standard).toMatchObject({
      maxAttempts: 3,
      backoff: { initialMs: 100, maxMs: 20_000 },
      throttledInitialMs: 500,
      budget: { initialTokens: 500, retryCost: 5, timeoutRetryCost: 10, successRefill: 1 },
    });
    const ratio = { kind: 'ratio', ratio: 0.2, minRetriesPerSec: 10, ttlMs: 10_000 };
    expect(policies.finagle.budget).toEqual(ratio);
    expect(policies.linkerd.budget).toEqual(ratio);
    expect(policies.token_bucket.budget).toMatchObject({ retryCost: 1, successRefill: 0.1 });
    expect(policies.naive).toMatchObject({ retryAfter: 'ignore', budget: null, backoff: { jitter: 'none' } });
  });

  it('keys of its own begin with what is usual', () => {
    const every5xx = Array.from({ length: 100 }, (_, index) => 500 + index);
    expect(retryOf('{}')).toEqual({
      name: 'custom',
      maxAttempts: 3,
      backoff: { initialMs: 100, maxMs: 2000, multiplier: 2, jitter: 'full' },
      throttledInitialMs: null,
      retryOn: { statuses: [429, ...every5xx], connect: true, timeout: true },
      retryAfter: 'minimum',
      budget: null,
      layers: 1,
    });
  });

  it('is read key by key', () => {
    const text = `{ max_attempts: 5, retry_on: [503, 429, 503, connect], retry_after: exact, layers: 2,
      backoff: { initial: 10ms, max: 1s, multiplier: 1.5, jitter: equal, throttled_initial: 1s },
      budget: { ratio: 0.1, min_retries_per_sec: 0, ttl: 5s } }`;
    expect(retryOf(text)).toEqual({
      name: 'custom',
      maxAttempts: 5,
      backoff: { initialMs: 10, maxMs: 1000, multiplier: 1.5, jitter: 'equal' },
      throttledInitialMs: 1000,
      retryOn: { statuses: [429, 503], connect: true, timeout: false },
      retryAfter: 'exact',
      budget: { kind: 'ratio', ratio: 0.1, minRetriesPerSec: 0, ttlMs: 5000 },
      layers: 2,
    });
  });

  it('a policy that something is changed of is custom, with the rest as it was', () => {
    expect(retryOf('{ policy: grpc, budget: { token_ratio: 0.5 } }')).toEqual({
      ...policies.grpc,
      name: 'custom',
      budget: { kind: 'tokens', maxTokens: 10, tokenRatio: 0.5 },
    });
    expect(retryOf('{ policy: grpc, budget: { ratio: 0.5 } }')?.budget).toEqual({
      kind: 'ratio',
      ratio: 0.5,
      minRetriesPerSec: 10,
      ttlMs: 10_000,
    });
    expect(retryOf('{ policy: token_bucket, budget: { initial_tokens: 50 } }')?.budget).toEqual({
      ...policies.token_bucket.budget,
      initialTokens: 50,
    });
    expect(retryOf('{ policy: grpc, budget: none }')?.budget).toBeNull();
    expect(retryOf('{ policy: grpc, max_attempts: 4 }')?.name).toBe('grpc');
  });

  it('decorrelated jitter multiplies by 3 unless told otherwise', () => {
    expect(retryOf('{ backoff: { jitter: decorrelated } }')?.backoff.multiplier).toBe(3);
    expect(retryOf('{ backoff: { jitter: decorrelated, multiplier: 2 } }')?.backoff.multiplier).toBe(2);
  });

  it('gRPC takes more than 5 attempts for 5, and says so', () => {
    const { client, warnings } = read('{ clients: 1, retry: { policy: grpc, max_attempts: 8 } }');
    expect(client?.retry.maxAttempts).toBe(5);
    expect(warnings).toEqual([
      'client.retry.max_attempts: a gRPC client makes at most 5 attempts, so 8 is taken as 5',
    ]);
    expect(read('{ clients: 1, retry: { policy: grpc, max_attempts: 5 } }').warnings).toEqual([]);
    expect(retryOf('{ max_attempts: 8 }')?.maxAttempts).toBe(8);
  });
});

describe('what is refused', () => {
  it.each([
    ['{ retry: finagle }', '18 a retry budget is per client: say how many (add clients: to client)'],
    [
      '{ retry: { budget: { ratio: 0.1 } } }',
      '28 a retry budget is per client: say how many (add clients: to client)',
    ],
    ['{ cookies: true }', '20 cookies are per client: say how many (add clients: to client)'],
    ['{ clients: 0 }', '20 client.clients: must be at least 1'],
    ['{ connections: pooled }', '24 client.connections: must be keep_alive or fresh'],
    ['{ id_token: true }', '21 client.id_token: expected keys with values, got true'],
    [
      '{ retry: grcp }',
      '18 client.retry: must be none, one of grpc, aws_standard, finagle, linkerd, token_bucket, naive, or keys of its own',
    ],
    [
      '{ retry: { policy: none } }',
      '28 client.retry.policy: must be one of grpc, aws_standard, finagle, linkerd, token_bucket, naive',
    ],
    [
      '{ retry: { max_attempt: 3 } }',
      '20 unknown key "client.retry.max_attempt" (did you mean "max_attempts"?)',
    ],
    ['{ retry: { max_attempts: 0 } }', '34 client.retry.max_attempts: must be at least 1'],
    [
      '{ retry: { retry_on: [] } }',
      '30 client.retry.retry_on: names no failure; "retry: none" retries nothing',
    ],
    ['{ retry: { retry_on: [200] } }', '31 client.retry.retry_on.0: must be at least 400'],
    [
      '{ retry: { retry_on: [5XX] } }',
      '31 client.retry.retry_on.0: must be a status such as 503, or one of 4xx, 5xx, timeout, connect',
    ],
    [
      '{ retry: { backoff: { initial: 3s } } }',
      '29 client.retry.backoff: initial is 3 s, more than max with 2 s',
    ],
    [
      '{ retry: { backoff: { throttled_initial: 3s } } }',
      '29 client.retry.backoff: throttled_initial is 3 s, more than max with 2 s',
    ],
    ['{ retry: { backoff: { initial: 100 } } }', /initial: expected a duration with its unit/],
    ['{ retry: { backoff: { multiplier: 0.5 } } }', '43 client.retry.backoff.multiplier: must be at least 1'],
    [
      '{ clients: 1, retry: { budget: {} } }',
      '40 client.retry.budget: needs the keys of one kind, has none (ratio, or max_tokens, or initial_tokens, and what goes with it)',
    ],
    [
      '{ clients: 1, retry: { budget: { ratio: 0.1, max_tokens: 5 } } }',
      /needs the keys of one kind, has those of several/,
    ],
    [
      '{ clients: 1, retry: { budget: { ratio: 0, min_retries_per_sec: 0 } } }',
      '40 client.retry.budget: never allows a retry (retry: none says so)',
    ],
    ['{ clients: 1, retry: { budget: { initial_tokens: 4 } } }', /never allows a retry/],
    ['{ clients: 1, retry: { budget: { max_tokens: 2 } } }', /must be more than 2/],
    [
      '{ clients: 1, retry: { budget: { ratio: 20 } } }',
      /must be at most 10; 0.2 is one retry for five requests/,
    ],
    ['{ clients: 1, retry: { budget: { ttl: 90s } } }', /must be between 1s and 60s/],
    [
      '{ retry: { max_attempts: 4, layers: 5 } }',
      '45 client.retry: 4 attempts in each of 5 layers are 1024 for one request, more than 1000',
    ],
  ])('%s', (text, problem) => {
    const { problems } = read(text);
    expect(problems).toHaveLength(1);
    if (typeof problem === 'string') expect(problems[0]).toBe(problem);
    else expect(problems[0]).toMatch(problem);
  });

  it.each([
    ['{ retry: sre }', 'client.retry: sre'],
    ['{ retry: aws_adaptive }', 'client.retry: aws_adaptive'],
    ['{ clients: 1, retry: { policy: envoy } }', 'client.retry.policy: envoy'],
    ['{ retry: { hedge: { delay: 50ms } } }', 'client.retry.hedge'],
    ['{ hedge: { delay: 50ms } }', 'client.hedge'],
    ['{ retry: { circuit_breaker: {} } }', 'client.retry.circuit_breaker'],
    ['{ circuit_breaker: { timeout: 1s } }', 'client.circuit_breaker'],
    ['{ throttle: { k: 2 } }', 'client.throttle'],
    ['{ retry: { throttle: { k: 2 } } }', 'client.retry.throttle'],
    [
      '{ retry: { budget: { budget_percent: 20, min_retry_concurrency: 3 } } }',
      'client.retry.budget: a budget of retries open at once',
    ],
  ])('%s is not built', (text, what) => {
    const { problems } = read(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${what} is not built yet in this version`);
  });

  it('but not what makes sense, however strange', () => {
    for (const text of [
      '{ timeout: 5s, deadline: 1s }',
      '{ retry: { max_attempts: 1, backoff: { jitter: none } } }',
      '{ retry: { max_attempts: 3, layers: 6 } }',
      '{ retry: { backoff: { initial: 0ms, max: 0ms } } }',
    ])
      expect(read(text).problems).toEqual([]);
  });
});

describe('effective.yaml', () => {
  const written = (client: Client): object => z.encode(clientShape, writeClient(client));
  const again = (client: Client): Read => read(JSON.stringify(written(client)));

  it.each(['none', ...policyNames])('writes %s so that it reads back the same', (name) => {
    const { client } = read(`{ clients: 7, retry: ${name} }`);
    expect(again(client!)).toEqual({ client, problems: [], warnings: [] });
  });

  it('names whole classes of statuses, and a policy that nothing was changed of', () => {
    const text = stringify(written({ ...read('{}').client!, retry: policies.linkerd }));
    expect(text).toContain('policy: linkerd');
    expect(text).toContain('retry_on:\n    - 5xx\n    - connect\n');
    const custom = stringify(written({ ...read('{}').client!, retry: retryOf('{}')! }));
    expect(custom).not.toContain('policy');
  });

  const anyRetry = fc.record(
    {
      policy: fc.constantFrom(...policyNames),
      max_attempts: fc.integer({ min: 1, max: 9 }),
      retry_on: fc.uniqueArray(fc.constantFrom('4xx', '5xx', 'timeout', 'connect', 404, 503), {
        minLength: 1,
      }),
      backoff: fc.record(
        {
          initial: fc.integer({ min: 0, max: 900 }).map((ms) => `${ms}ms`),
          max: fc.integer({ min: 1, max: 9 }).map((s) => `${s}s`),
          jitter: fc.constantFrom('none', 'full', 'equal', 'decorrelated'),
          multiplier: fc.integer({ min: 1, max: 5 }),
          throttled_initial: fc.integer({ min: 0, max: 1000 }).map((ms) => `${ms}ms`),
        },
        { requiredKeys: ['max'] },
      ),
      retry_after: fc.constantFrom('ignore', 'minimum', 'exact'),
      budget: fc.oneof(
        fc.constant('none'),
        fc.record({ ratio: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
        fc.record({ max_tokens: fc.integer({ min: 3, max: 100 }) }),
        fc.record({ success_refill: fc.integer({ min: 0, max: 5 }) }),
      ),
      layers: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: ['backoff'] },
  );

  it('reads back the same whatever was asked for', () => {
    fc.assert(
      fc.property(anyRetry, (retry) => {
        const { client, problems } = read(JSON.stringify({ clients: 3, retry }));
        expect(problems).toEqual([]);
        expect(again(client!)).toEqual({ client, problems: [], warnings: [] });
      }),
      { numRuns: 60 },
    );
  });
});
