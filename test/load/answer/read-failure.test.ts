import { describe, expect, it } from 'vitest';
import { readAnswer, type AnswerHeaders } from '../../../src/load/answer/answer.ts';
import { classify } from '../../../src/load/answer/classify.ts';
import { failureBytes, readFailure } from '../../../src/load/answer/read-failure.ts';
import { AnswerReader } from '../../../src/load/wire/answer-reader.ts';
import { expectNothing } from '../../../src/scenario/requests/request-spec.ts';

function outcomeOf(status: number, body: string, headers: AnswerHeaders = {}) {
  const answer = readFailure(readAnswer(status, headers), headers, Buffer.from(body));
  const judged = { answer, bodyValid: null, expect: expectNothing, tookMs: 9000, acquireTimeoutMs: 1000 };
  return { outcome: classify(judged), errorCode: answer.errorCode, sqlstate: answer.sqlstate };
}

describe('a failure whose headers say nothing', () => {
  it.each([
    [500, 'Error: timeout exceeded when trying to connect', 'pool_timeout', null],
    [500, '{"error":"canceling statement due to statement timeout"}', 'stmt_timeout', '57014'],
    [503, '{"detail":"sorry, too many clients already"}', 'db_error', '53300'],
    [500, '<pre>no more connections allowed (max_client_conn)</pre>', 'db_error', '08P01'],
    [502, 'connect ECONNREFUSED 127.0.0.1:5432', 'db_error', null],
  ])('%i %s', (status, body, outcome, sqlstate) => {
    expect(outcomeOf(status, body)).toMatchObject({ outcome, sqlstate });
  });

  it('stays unknown where its body says nothing either, or nobody can read it', () => {
    expect(outcomeOf(500, 'Internal Server Error')).toEqual({
      outcome: 'unknown',
      errorCode: null,
      sqlstate: null,
    });
    const zipped = { 'content-encoding': 'gzip' };
    expect(outcomeOf(500, 'timeout exceeded when trying to connect', zipped).outcome).toBe('unknown');
  });
});

describe('what the body says', () => {
  it('adds to the headers, and never goes before them', () => {
    const headers = { 'x-error-code': 'shed' };
    expect(outcomeOf(503, 'sorry, too many clients already', headers)).toEqual({
      outcome: 'shed',
      errorCode: 'shed',
      sqlstate: '53300',
    });
  });

  it('is read where it was not compressed, and not at all where the headers say both code and SQLSTATE', () => {
    const text = 'timeout exceeded when trying to connect';
    expect(outcomeOf(500, text, { 'content-encoding': 'identity' }).outcome).toBe('pool_timeout');
    expect(outcomeOf(500, text, { 'x-sqlstate': '57014' })).toMatchObject({
      errorCode: 'pool_timeout',
      sqlstate: '57014',
    });
    const both = { 'x-error-code': 'db_error', 'x-sqlstate': '53300' };
    expect(outcomeOf(500, text, both)).toEqual({
      outcome: 'db_error',
      errorCode: 'db_error',
      sqlstate: '53300',
    });
  });

  it('is not looked at in a success, in what the client did wrong, or in what the platform said', () => {
    const text = 'sorry, too many clients already';
    expect(outcomeOf(200, text)).toMatchObject({ outcome: 'ok', sqlstate: null });
    expect(outcomeOf(404, text)).toMatchObject({ outcome: 'client_error', sqlstate: null });
    expect(outcomeOf(503, text, { 'x-poolproof-platform': 'no_instance' })).toMatchObject({
      outcome: 'platform',
      sqlstate: null,
    });
  });
});

it('of a failure the beginning of the body is kept, of anything else nothing that was not asked for', () => {
  const read = (status: string): number | undefined => {
    const reader = new AnswerReader();
    reader.begin('GET', 0);
    const head = `HTTP/1.1 ${status}\r\ncontent-length: 5000\r\n\r\n`;
    const bytes = Buffer.from(head + 'x'.repeat(5000));
    expect(reader.read(bytes, bytes.length)).toBe('whole');
    return reader.body?.length;
  };
  expect(read('503 Service Unavailable')).toBe(failureBytes);
  expect(read('200 OK')).toBeUndefined();
});
