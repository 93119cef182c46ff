import { describe, expect, it } from 'vitest';
import {
  readAcquireMs,
  withoutImpossible,
  readAnswer,
  readRetryAfter,
} from '../../../src/load/answer/answer.ts';

describe('what an answer says', () => {
  it('is null where it says nothing', () => {
    expect(readAnswer(200, {})).toEqual({
      status: 200,
      platformReason: null,
      errorCode: null,
      sqlstate: null,
      retryAfterMs: null,
      instance: null,
      revision: null,
      receivedUs: null,
      arrivedUs: null,
      ownUs: null,
      acquireUs: null,
    });
  });

  it("names the instance in the emulator's words before the service's own", () => {
    expect(readAnswer(200, { 'x-instance': 'mine' }).instance).toBe('mine');
    expect(readAnswer(200, { 'x-instance': 'mine', 'x-poolproof-instance': 'api-1' }).instance).toBe('api-1');
  });

  it('is nothing where a header is empty, and names the revision', () => {
    expect(readAnswer(500, { 'x-error-code': '' }).errorCode).toBeNull();
    expect(readAnswer(200, { 'x-poolproof-revision': 'api-00002' }).revision).toBe('api-00002');
    expect(readAnswer(200, { 'x-error-code': ['shed', 'deadline'] }).errorCode).toBe('shed');
  });

  it('is no number where the header is none', () => {
    expect(readAnswer(200, { 'x-poolproof-received-us': 'soon' }).receivedUs).toBeNull();
    expect(readAnswer(200, { 'x-poolproof-received-us': '17' }).receivedUs).toBe(17);
  });

  it('keeps no more of a header than a code can be long', () => {
    expect(readAnswer(500, { 'x-error-code': 'x'.repeat(10_000) }).errorCode).toHaveLength(120);
  });
});

describe('Retry-After', () => {
  const date = 'Tue, 15 Nov 1994 08:12:31 GMT';

  it('is read as seconds', () => {
    expect(readRetryAfter('2', null)).toBe(2000);
    expect(readRetryAfter('0', date)).toBe(0);
  });

  it("is read as a date, against the answer's own date", () => {
    expect(readRetryAfter('Tue, 15 Nov 1994 08:12:36 GMT', date)).toBe(5000);
    expect(readRetryAfter('Tue, 15 Nov 1994 08:12:01 GMT', date)).toBe(0);
  });

  it('says nothing where it is neither, or a date without another to compare with', () => {
    expect(readRetryAfter('soon', date)).toBeNull();
    expect(readRetryAfter('-3', null)).toBeNull();
    expect(readRetryAfter(date, null)).toBeNull();
    expect(readRetryAfter(null, date)).toBeNull();
  });
});

describe('the acquire time of Server-Timing', () => {
  it('is found among other entries, in any order, over several headers', () => {
    expect(readAcquireMs('acquire;dur=12.5')).toBe(12.5);
    expect(readAcquireMs('db;dur=3, acquire;desc=pool;dur=0.25')).toBe(0.25);
    expect(readAcquireMs(['db;dur=3', 'acquire;dur="7"'])).toBe(7);
  });

  it('is null where there is none', () => {
    expect(readAcquireMs(undefined)).toBeNull();
    expect(readAcquireMs('db;dur=3')).toBeNull();
    expect(readAcquireMs('acquire, db;dur=3')).toBeNull();
    expect(readAcquireMs('reacquire;dur=3')).toBeNull();
  });
});

describe('a number that makes no sense', () => {
  it.each([
    ['server-timing', `acquire;dur=${'9'.repeat(400)}`],
    ['server-timing', `acquire;dur=${'9'.repeat(60)}`],
    ['server-timing', 'acquire;dur=3600001'],
    ['retry-after', '9'.repeat(60)],
    ['retry-after', '2147484'],
    ['x-poolproof-received-us', '1e30'],
    ['x-poolproof-received-us', '-5'],
    ['x-poolproof-received-us', 'soon'],
  ])('in %s counts as not told, and is counted: %s', (name, value) => {
    let count = 0;
    const answer = readAnswer(503, { [name]: value }, () => (count += 1));
    expect(answer).toEqual(readAnswer(503, {}));
    expect(count).toBe(1);
  });

  it('may be a wait that is longer than the whole request', () => {
    let count = 0;
    const answer = readAnswer(200, { 'server-timing': 'acquire;dur=300' });
    expect(withoutImpossible(answer, 299_000, () => (count += 1)).acquireUs).toBe(300_000);
    expect(count).toBe(0);
    expect(withoutImpossible(answer, 20_000, () => (count += 1)).acquireUs).toBeNull();
    expect(count).toBe(1);
  });

  it('takes no time to find, however long the header', () => {
    const fromMs = performance.now();
    readAcquireMs(`acquire;${'dur '.repeat(500_000)}`);
    readAcquireMs(' '.repeat(1_000_000));
    expect(performance.now() - fromMs).toBeLessThan(100);
  });
});
