import { expect, test } from 'vitest';
import { metadataAnswer } from '../../../src/platform/local/instance/metadata/metadata-answer.ts';

const facts = {
  project: 'shop',
  location: 'europe-west1',
  instance: 'i7',
  port: 30001,
  names: ['127.0.0.1'],
  nowSec: () => 1000,
};
const flavor = { host: '127.0.0.1:30001', 'metadata-flavor': 'Google' };

function ask(path: string, headers: Record<string, string | undefined> = {}, method = 'GET') {
  return metadataAnswer(
    { method, url: `/computeMetadata/v1/${path}`, headers: { ...flavor, ...headers } },
    facts,
  );
}

const number = ask('project/numeric-project-id').body;

test.each([
  ['project/project-id', 'shop'],
  ['instance/region', `projects/${number}/regions/europe-west1`],
  ['instance/zone', `projects/${number}/zones/europe-west1-1`],
  ['instance/id', 'i7'],
  ['instance/service-accounts/default/email', `${number}-compute@developer.gserviceaccount.com`],
  ['universe/universe-domain', 'googleapis.com'],
  ['instance/service-accounts/', `default/\n${number}-compute@developer.gserviceaccount.com/\n`],
])('%s is %s', (path, body) => {
  expect(ask(path)).toMatchObject({ status: 200, body });
});

test('the number of a project has twelve digits and is its own', () => {
  expect(number).toMatch(/^\d{12}$/);
  const other = metadataAnswer(
    { method: 'GET', url: '/computeMetadata/v1/project/numeric-project-id', headers: flavor },
    { ...facts, project: 'other' },
  );
  expect(other.body).not.toBe(number);
});

test('folders are given as JSON when asked for, without tokens', () => {
  const { body } = ask('instance/service-accounts/default/?recursive=true');
  expect(JSON.parse(body)).toEqual({
    aliases: ['default'],
    email: `${number}-compute@developer.gserviceaccount.com`,
    scopes: ['https://www.googleapis.com/auth/cloud-platform'],
  });
  expect(JSON.parse(ask('project?recursive=true').body)).toEqual({
    projectId: 'shop',
    numericProjectId: number,
  });
});

test('tokens are local ones, and an identity is for the audience asked for', () => {
  expect(JSON.parse(ask('instance/service-accounts/default/token').body)).toEqual({
    access_token: 'poolproof-local-token',
    expires_in: 3599,
    token_type: 'Bearer',
  });
  const identity = ask('instance/service-accounts/default/identity?audience=https://a.example').body;
  const [, claims = ''] = identity.split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    aud: 'https://a.example',
    exp: 4599,
    iss: 'poolproof-local',
  });
  expect(ask('instance/service-accounts/default/identity').status).toBe(400);
});

test.each([
  ['without the header that no browser sends', { 'metadata-flavor': undefined }, 'GET', 403],
  ['for another host', { host: 'evil.example' }, 'GET', 403],
  ['for another port', { host: '127.0.0.1:1' }, 'GET', 403],
  ['from a page', { origin: 'http://127.0.0.1:30001' }, 'GET', 403],
  ['through a proxy', { 'x-forwarded-for': '10.0.0.1' }, 'GET', 403],
  ['with another method', {}, 'POST', 405],
])('a request %s is refused', (_, headers, method, status) => {
  expect(ask('instance/service-accounts/default/token', headers, method).status).toBe(status);
});

test('it is known as metadata.google.internal too, and nothing else is found', () => {
  expect(ask('instance/id', { host: 'metadata.google.internal' }).status).toBe(200);
  expect(ask('instance/nothing').status).toBe(404);
  expect(ask('instance/constructor').status).toBe(404);
  expect(metadataAnswer({ method: 'GET', url: '/elsewhere', headers: flavor }, facts).status).toBe(404);
});

test.each(['//', '//a:b', 'http://['])('%s, which is no address, is not found', (url) => {
  expect(metadataAnswer({ method: 'GET', url, headers: flavor }, facts).status).toBe(404);
});
