import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/evidence/attempt.ts';
import { readAnswer, type AnswerHeaders } from '../../../src/load/answer/answer.ts';
import { makeBodyCheck } from '../../../src/load/answer/check-answer.ts';
import { classify } from '../../../src/load/answer/classify.ts';
import { expectNothing as anything, type Expectation } from '../../../src/scenario/requests/request-spec.ts';

interface Row {
  readonly name: string;
  readonly status: number;
  readonly headers?: AnswerHeaders;
  readonly expect?: Expectation;
  readonly bytes?: number;
  readonly tookMs?: number;
  readonly outcome: Outcome;
}

const fromPlatform = { 'x-poolproof-platform': 'no_instance' };
const code = (value: string): AnswerHeaders => ({ 'x-error-code': value });
const sqlstate = (value: string): AnswerHeaders => ({ 'x-sqlstate': value });
const withBody: Expectation = { ...anything, bodyNotEmpty: true };

const rows: readonly Row[] = [
  { name: '200', status: 200, outcome: 'ok' },
  { name: '302 where nothing is expected', status: 302, outcome: 'ok' },
  { name: '404 where it is expected', status: 404, expect: { ...anything, status: [404] }, outcome: 'ok' },
  {
    name: '200 where 201 is expected',
    status: 200,
    expect: { ...anything, status: [201] },
    outcome: 'unknown',
  },
  { name: '200 without the body expected', status: 200, expect: withBody, bytes: 0, outcome: 'dishonest' },
  { name: '200 with the body expected', status: 200, expect: withBody, bytes: 2, outcome: 'ok' },
  { name: '304 without a body', status: 304, expect: withBody, bytes: 0, outcome: 'ok' },
  { name: '404', status: 404, outcome: 'client_error' },
  { name: '404 from the platform', status: 404, headers: fromPlatform, outcome: 'client_error' },
  { name: '429 from the platform', status: 429, headers: fromPlatform, outcome: 'platform' },
  { name: '500 from the platform', status: 500, headers: fromPlatform, outcome: 'platform' },
  { name: '503 from the platform', status: 503, headers: fromPlatform, outcome: 'platform' },
  {
    name: '504 from the platform, no instance involved',
    status: 504,
    headers: fromPlatform,
    outcome: 'platform',
  },
  {
    name: '504 from the platform for an instance that missed its deadline',
    status: 504,
    headers: { 'x-poolproof-platform': 'timeout', 'x-poolproof-instance': 'api-1' },
    outcome: 'deadline',
  },
  {
    name: '503 from the platform about an instance',
    status: 503,
    headers: { 'x-poolproof-platform': 'instance_crashed', 'x-poolproof-instance': 'api-1' },
    outcome: 'platform',
  },
  {
    name: '504 with code shed from an instance',
    status: 504,
    headers: { ...code('shed'), 'x-instance': 'api-1' },
    outcome: 'shed',
  },
  { name: '503 with code shed', status: 503, headers: code('shed'), tookMs: 1000, outcome: 'shed' },
  { name: '503 with code pool_timeout', status: 503, headers: code('pool_timeout'), outcome: 'pool_timeout' },
  { name: '500 with code stmt_timeout', status: 500, headers: code('stmt_timeout'), outcome: 'stmt_timeout' },
  { name: '500 with code db_error', status: 500, headers: code('db_error'), outcome: 'db_error' },
  { name: '503 with code deadline', status: 503, headers: code('deadline'), outcome: 'deadline' },
  { name: '500 with SQLSTATE 57014', status: 500, headers: sqlstate('57014'), outcome: 'stmt_timeout' },
  { name: '500 with SQLSTATE 53300', status: 500, headers: sqlstate('53300'), outcome: 'db_error' },
  { name: '500 with SQLSTATE 08006', status: 500, headers: sqlstate('08006'), outcome: 'db_error' },
  { name: '500 with SQLSTATE 28P01', status: 500, headers: sqlstate('28P01'), outcome: 'db_error' },
  { name: '500 with SQLSTATE 57P01', status: 500, headers: sqlstate('57P01'), outcome: 'db_error' },
  { name: '500 with SQLSTATE 23505', status: 500, headers: sqlstate('23505'), outcome: 'unknown' },
  {
    name: 'a code that contradicts the SQLSTATE',
    status: 503,
    headers: { ...code('shed'), ...sqlstate('53300') },
    outcome: 'shed',
  },
  { name: '504', status: 504, outcome: 'deadline' },
  { name: '429', status: 429, tookMs: 1000, outcome: 'shed' },
  { name: '503 after the acquire timeout', status: 503, tookMs: 1001, outcome: 'pool_timeout' },
  { name: '503 an allowance before the acquire timeout', status: 503, tookMs: 900, outcome: 'pool_timeout' },
  { name: '503 at once', status: 503, tookMs: 3, outcome: 'shed' },
  { name: '503 after longer than the acquire timeout', status: 503, tookMs: 1101, outcome: 'unknown' },
  {
    name: '503 late, whose service waited the acquire timeout out',
    status: 503,
    tookMs: 3000,
    headers: { 'server-timing': 'acquire;dur=1000.7' },
    outcome: 'pool_timeout',
  },
  {
    name: '503 late, whose service had its session at once',
    status: 503,
    tookMs: 3000,
    headers: { 'server-timing': 'acquire;dur=5' },
    outcome: 'unknown',
  },
  { name: '500', status: 500, outcome: 'unknown' },
  { name: '502', status: 502, outcome: 'unknown' },
];

describe('an answer', () => {
  it.each(rows.map((row) => [row.name, row.outcome, row] as const))('of %s is %s', (_, outcome, row) => {
    const answer = readAnswer(row.status, row.headers ?? {});
    const expectation = row.expect ?? anything;
    const bodyValid = makeBodyCheck(expectation)(row.status, {}, row.bytes ?? 2, null);
    const named = classify({
      answer,
      bodyValid,
      expect: expectation,
      tookMs: row.tookMs ?? 5,
      acquireTimeoutMs: 1000,
    });
    expect(named).toBe(outcome);
  });
});
