import { expect, it } from 'vitest';
import { clientWords } from '../../src/cli/client-words.ts';
import { clientOf } from '../plan/scenario.ts';

const retry = {
  name: 'custom',
  maxAttempts: 3,
  backoff: { initialMs: 50, maxMs: 2000, multiplier: 2, jitter: 'full' },
  throttledInitialMs: null,
  retryOn: { statuses: [503], connect: true, timeout: true },
  retryAfter: 'minimum',
  budget: null,
  layers: 1,
} as const;

it('says what one client that never tries again does', () => {
  expect(clientWords(clientOf())).toBe('timeout 5 s, deadline 5 s, retry none');
});

it('says what many do that do', () => {
  const words = clientWords(
    clientOf({ count: 100, timeoutMs: 1000, connections: 'fresh', cookies: true, retry }),
  );
  expect(words).toBe(
    '100 clients, timeout 1 s, deadline 5 s, a connection for every attempt, cookies, ' +
      'retry custom: 3 attempts, after 50 ms to 2 s (full jitter), Retry-After minimum, no budget',
  );
});

it('says how much worse layers make it, and what a budget leaves', () => {
  const budget = { kind: 'ratio', ratio: 0.2, minRetriesPerSec: 10, ttlMs: 10_000 } as const;
  expect(clientWords(clientOf({ retry: { ...retry, layers: 4, budget } }))).toMatch(
    /3\^4 = 81 attempts, .*, budget 20 % \+ 10\/s a client$/,
  );
});
