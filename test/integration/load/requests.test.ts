import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startMetadataServer } from '../../../src/platform/local/instance/metadata/metadata-server.ts';
import { planOf } from './plan.ts';
import { countBy, evenly, sendPlan } from './target.ts';

interface Came {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers with its number in JSON, and gives every client a cookie of its own at first. */
async function startServer(): Promise<{ readonly url: string; readonly came: readonly Came[] }> {
  const came: Came[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(chunks).toString();
      if (url !== '/ping') came.push({ method, url, headers, body });
      if (headers.cookie === undefined)
        response.setHeader('set-cookie', `sid=${String(headers['x-client'])}; Path=/; Secure`);
      const state = url.startsWith('/odd') ? 'lost' : 'new';
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ state }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, came };
}

it('what the scenario says is what arrives: methods, headers, bodies, data, and every client with its cookie', async () => {
  const { url, came } = await startServer();
  const items = Array.from({ length: 100 }, (_, row) => `${row},"größe ""${row}"""\n`).join('');
  const headers = { 'x-client': '${client}', 'x-seq': '${seq}' };
  const plan = await planOf({
    traffic: evenly(200, 500),
    requests: [
      {
        name: 'json',
        put: '/items/${data.items.id}?q=${data.items.name}',
        headers,
        json: { id: '${data.items.id as number}', name: '${data.items.name}' },
        expect: { headers: { 'content-type': 'json' }, json: { '$.state': 'new' } },
      },
      {
        name: 'form',
        post: '/form',
        headers,
        form: { a: '${data.items.name}' },
        expect: { json: ['$.state'] },
      },
      { name: 'odd', delete: '/odd', headers, expect: { json: { '$.state': 'new' } } },
    ],
    data: { items: { file: 'items.csv', pick: 'sequence' } },
    client: { clients: 4, cookies: true },
    files: { 'items.csv': `id,name\n${items}` },
  });
  const { load, attempts } = await sendPlan(url, plan);
  await load.finished;
  expect(attempts).toHaveLength(100);
  expect(
    countBy(attempts, ({ route, outcome, bodyValid }) => `${route} ${outcome} ${String(bodyValid)}`),
  ).toEqual({
    'json ok true': countBy(attempts, ({ route }) => route)['json'],
    'form ok true': countBy(attempts, ({ route }) => route)['form'],
    'odd dishonest false': countBy(attempts, ({ route }) => route)['odd'],
  });

  const put = came.filter(({ method }) => method === 'PUT');
  const bodies = put.map(({ body }) => JSON.parse(body) as { id: number; name: string });
  // Sequence: each of its arrivals has the next row, whichever lane sends it.
  expect(bodies.map(({ id }) => id).sort((a, b) => a - b)).toEqual(put.map((_, row) => row));
  for (const { id, name } of bodies) expect(name).toBe(`größe "${id}"`);
  for (const [index, { url: path }] of put.entries())
    expect(decodeURIComponent(path)).toBe(`/items/${bodies[index]?.id}?q=${bodies[index]?.name}`);
  for (const { headers: sent, body } of came.filter(({ method }) => method === 'POST')) {
    expect(sent['content-type']).toBe('application/x-www-form-urlencoded');
    expect(new URLSearchParams(body).get('a')).toMatch(/^größe "\d+"$/);
  }
  expect(new Set(came.map(({ headers: sent }) => sent['x-seq'])).size).toBe(100);
  const withCookie = came.filter(({ headers: sent }) => sent.cookie !== undefined);
  expect(withCookie).not.toHaveLength(0);
  for (const { headers: sent } of withCookie) expect(sent.cookie).toBe(`sid=${String(sent['x-client'])}`);
});

it('every request carries an ID token for the audience', async () => {
  const facts = { project: 'p', location: 'europe-west1', instance: 'i-1', names: [] };
  const metadata = await startMetadataServer(facts, '127.0.0.1');
  onTestFinished(() => metadata.close());
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '');
  vi.stubEnv('HOME', '/nowhere');
  vi.stubEnv('GCE_METADATA_HOST', `127.0.0.1:${metadata.port}`);
  const { url, came } = await startServer();
  const audience = 'https://orders.example';
  const plan = await planOf({ traffic: evenly(50, 200), client: { id_token: { audience } } });
  const { load } = await sendPlan(url, plan);
  await load.finished;
  expect(came).toHaveLength(10);
  for (const { headers } of came) {
    const [, claims = ''] = (headers.authorization ?? '').split('.');
    expect(headers.authorization).toMatch(/^Bearer /);
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ aud: audience });
  }
});
