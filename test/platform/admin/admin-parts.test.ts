import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../../../src/platform/local/admin/api-error.ts';
import { checkCaller } from '../../../src/platform/local/admin/access.ts';
import { makeEtag, sameEtag } from '../../../src/platform/local/admin/etag.ts';
import { Operations, type Ending } from '../../../src/platform/local/admin/operations.ts';
import { pageOf } from '../../../src/platform/local/admin/paging.ts';
import { noParameters, readParameters } from '../../../src/platform/local/admin/parameters.ts';
import { readResourceName } from '../../../src/platform/local/admin/resource-name.ts';

function statusOf(call: () => unknown): string {
  try {
    call();
    return 'OK';
  } catch (error) {
    return error instanceof ApiError ? error.status : String(error);
  }
}

test('the door opens to this machine with the token, and to nobody else', () => {
  const sound = { host: '127.0.0.1:80', origin: undefined, authorization: 'Bearer secret' };
  const knock = (more: Partial<Record<keyof typeof sound, string | undefined>>): string =>
    statusOf(() => checkCaller({ ...sound, ...more }, 80, 'secret'));
  expect(knock({})).toBe('OK');
  expect(knock({ host: 'localhost:80' })).toBe('OK');
  expect(knock({ host: '127.0.0.1:81' })).toBe('PERMISSION_DENIED');
  expect(knock({ host: 'evil.example:80' })).toBe('PERMISSION_DENIED');
  expect(knock({ host: undefined })).toBe('PERMISSION_DENIED');
  expect(knock({ origin: 'http://localhost:80' })).toBe('PERMISSION_DENIED');
  expect(knock({ authorization: undefined })).toBe('UNAUTHENTICATED');
  expect(knock({ authorization: 'Bearer secre' })).toBe('UNAUTHENTICATED');
  expect(knock({ authorization: 'Basic secret' })).toBe('UNAUTHENTICATED');
});

test('names are read by what they name', () => {
  const place = 'projects/p/locations/l';
  expect(readResourceName(`${place}/services/s/revisions/r`)).toMatchObject({
    shape: 'revision',
    service: 's',
    revision: 'r',
  });
  expect(readResourceName(`${place}/services/s/revisions`)).toMatchObject({
    shape: 'revisions',
    service: 's',
  });
  expect(readResourceName(`${place}/operations/o`)).toMatchObject({ shape: 'operation', operation: 'o' });
  expect(readResourceName(`${place}/jobs/j`)?.shape).toBe('other');
  expect(readResourceName('projects/p')).toBeNull();
});

test('pages of any size add up to the whole list, in its order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 })),
      fc.integer({ min: 1, max: 5 }),
      (items, pageSize) => {
        const seen: string[] = [];
        for (let pageToken = '', turn = 0; turn === 0 || pageToken !== ''; turn += 1) {
          const page = pageOf(items, (item) => item, { ...noParameters, pageSize, pageToken });
          expect(page.items.length).toBeLessThanOrEqual(pageSize);
          seen.push(...page.items);
          pageToken = page.nextPageToken;
        }
        expect(seen).toEqual(items);
      },
    ),
  );
  expect(statusOf(() => pageOf([1], String, { ...noParameters, pageToken: 'x' }))).toBe('INVALID_ARGUMENT');
  expect(statusOf(() => pageOf([1], String, { ...noParameters, pageSize: -1 }))).toBe('INVALID_ARGUMENT');
});

test('parameters are read in both spellings, and an unknown one is named', () => {
  const read = readParameters(
    new URLSearchParams(
      'page_size=3&updateMask=a,b&validate_only=true&$alt=json%3Benum-encoding=int&prettyPrint=0',
    ),
  );
  expect(read).toMatchObject({ pageSize: 3, updateMask: 'a,b', validateOnly: true, enumNumbers: true });
  expect(() => readParameters(new URLSearchParams('updatemask=a'))).toThrow('updatemask: no such parameter');
  expect(() => readParameters(new URLSearchParams('pageSize=ten'))).toThrow('pageSize: can\'t be "ten"');
});

test('an etag changes with every change, and quotes do not matter', () => {
  expect(makeEtag('u', 1)).not.toBe(makeEtag('u', 2));
  expect(makeEtag('u', 1)).not.toBe(makeEtag('v', 1));
  expect(sameEtag(makeEtag('u', 1).replaceAll('"', ''), makeEtag('u', 1))).toBe(true);
});

test('finished operations make room for new ones; those under way are kept', async () => {
  const operations = new Operations('projects/p/locations/l', 2);
  const done = (): Promise<Ending> => Promise.resolve({ shown: {}, error: null });
  const first = String(operations.begin('t', {}, () => new Promise(() => undefined))['name']);
  const second = String(operations.begin('t', {}, done)['name']);
  await operations.wait(second, 1000);
  operations.begin('t', {}, () => new Promise(() => undefined));
  expect(operations.get(first)).toMatchObject({ done: false });
  expect(statusOf(() => operations.get(second))).toBe('NOT_FOUND');
  expect(statusOf(() => operations.begin('t', {}, done))).toBe('RESOURCE_EXHAUSTED');
});

test('a change that throws is an operation that failed, with the message', async () => {
  const operations = new Operations('projects/p/locations/l');
  const name = String(operations.begin('t', { a: 1 }, () => Promise.reject(new Error('broken')))['name']);
  expect(await operations.wait(name, 1000)).toMatchObject({
    done: true,
    error: { code: 13, message: 'broken' },
  });
});
