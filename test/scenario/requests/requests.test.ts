import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { effectiveYaml } from '../../../src/scenario/effective.ts';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';
import { expectNothing, type RequestSpec } from '../../../src/scenario/requests/request-spec.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { problemsOf } from '../problems.ts';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'poolproof-requests-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Loads a scenario of one request, written in one line. */
async function load(request: string, more = ''): Promise<Scenario> {
  const path = join(folder, 'written.yaml');
  await writeFile(
    path,
    `version: 1
name: x
contract: { api: { max_instances: 1, app_pool_max: 1 } }
target: { local: { command: [node, x.mjs] } }
traffic: { phases: [{ name: only, duration: 1s, rate: 10/s }] }
requests:
  - { name: one, ${request} }
${more}
`,
  );
  return loadScenario(path, { env: {} });
}

/** The one request, after a way through its effective form too. */
async function requestOf(request: string): Promise<RequestSpec> {
  const scenario = await load(request);
  const file = join(folder, 'effective.yaml');
  await writeFile(file, effectiveYaml(scenario));
  const again = await loadScenario(file, { env: {} });
  expect(again.requests).toEqual(scenario.requests);
  return scenario.requests[0];
}

it.each(['get', 'post', 'put', 'patch', 'delete', 'head', 'options'])('%s is a method', async (method) => {
  expect(await requestOf(`${method}: '/a?b=c'`)).toEqual({
    name: 'one',
    weight: 1,
    method: method.toUpperCase(),
    path: '/a?b=c',
    headers: {},
    expect: expectNothing,
  });
});

test.each<[string, RequestSpec['body']]>([
  [
    "json: { id: '${seq as number}', tags: [a, null, 1.5] }",
    { kind: 'json', value: { id: '${seq as number}', tags: ['a', null, 1.5] } },
  ],
  ['json: null', { kind: 'json', value: null }],
  ["form: { a: 'x y', b: '${uuid}' }", { kind: 'form', fields: { a: 'x y', b: '${uuid}' } }],
  ["body: ''", { kind: 'text', text: '' }],
])('%s is a body', async (written, body) => {
  expect((await requestOf(`post: /, ${written}`)).body).toEqual(body);
});

test.each<[string, Partial<RequestSpec['expect']>]>([
  ['status: 201', { status: [201] }],
  ['status: [200, 404], body_not_empty: true', { status: [200, 404], bodyNotEmpty: true }],
  ['headers: [X-Request-Id]', { headers: [{ name: 'x-request-id', contains: null }] }],
  [
    'headers: { content-type: application/json }',
    { headers: [{ name: 'content-type', contains: 'application/json' }] },
  ],
  ["json: ['$.id', '$.items[*]']", { json: ['$.id', '$.items[*]'].map((path) => ({ path, is: null })) }],
  [
    "json: { '$.status': ready, '$.next': null, '$.items[0]': { id: 7 } }",
    {
      json: [
        { path: '$.status', is: { value: 'ready' } },
        { path: '$.next', is: { value: null } },
        { path: '$.items[0]', is: { value: { id: 7 } } },
      ],
    },
  ],
])('expect: { %s } is what a good answer looks like', async (written, expected) => {
  expect((await requestOf(`get: /, expect: { ${written} }`)).expect).toEqual({
    ...expectNothing,
    ...expected,
  });
});

test('templates with spaces, and data with names of any kind, are no spaces of the path', async () => {
  expect((await requestOf("get: '/${rand_choice(a, b c)}?n=${rand_int(1, 5)}'")).path).toContain('b c');
});

const hint = '(such as $.id, $.items[0].id or $.items[*].id)';

test.each([
  ["get: 'orders'", 'requests.0.get: must be a path that starts with "/"'],
  ["get: '/a b'", 'requests.0.get: a path may not contain " " (write %20)'],
  ["get: '/a#b'", 'requests.0.get: a path may not contain "#" (write %23)'],
  ["get: '/größe'", 'requests.0.get: a path may not contain "ö" (write %C3%B6)'],
  ['head: /, json: {}', "a head request has no body: json can't be sent"],
  ['get: /, form: { a: b }', "a get request has no body: form can't be sent"],
  ['put: /, json: 1, form: { a: b }, body: x', '"json" and "form" and "body" exclude each other'],
  ['post: /, form: { a: 1 }', 'requests.0.form.a: expected text: put it in quotes'],
  ['post: /, json: { a: [.inf] }', 'requests.0.json.a.0: JSON has no Infinity'],
  [
    "post: /, json: { a: 'n ${seq as number}' }",
    'requests.0.json.a: "as number" works under json, where it is all of a text',
  ],
  [
    "get: /, headers: { x: '${sqe}' }",
    'requests.0.headers.x: unknown template "${sqe}"; did you mean ${seq}?',
  ],
  [
    'get: /, expect: { json: [id] }',
    `requests.0.expect.json: "id" is not a JSONPath: it must begin with "$" ${hint}`,
  ],
  [
    "get: /, expect: { json: { '$.a[': 1 } }",
    `requests.0.expect.json: "$.a[" is not a JSONPath: unclosed bracketed selection ('$.a[':4) ${hint}`,
  ],
  ['get: /, expect: { json: [] }', 'requests.0.expect.json: at least one path is needed'],
  ['get: /, expect: { headers: { a: 1 } }', 'requests.0.expect.headers.a: expected text: put it in quotes'],
  ['get: /, expect: { statsu: 200 }', 'unknown key "requests.0.expect.statsu" (did you mean "status"?)'],
  [
    'head: /, expect: { body_not_empty: true }',
    "the answer to a head request has no body: body_not_empty can't hold",
  ],
  ["get: /, expect: { json: ['$.${uuid}'] }", 'requests.0.expect.json.0: ${...} is not filled here'],
])('%s is refused', async (request, problem) => {
  const [first = '', ...more] = await problemsOf(load(request));
  expect(first).toMatch(/^written\.yaml:7:\d+ /);
  expect(first.replace(/^\S+ /, '')).toContain(problem);
  expect(more).toEqual([]);
});

test('what the client sets by itself, no request sets', async () => {
  const request = 'get: /, headers: { Cookie: a=b, Authorization: x }';
  expect((await load(request)).requests[0].headers).toEqual({ Cookie: 'a=b', Authorization: 'x' });
  const client = 'client: { clients: 2, cookies: true, id_token: { audience: https://a } }';
  expect(await problemsOf(load(request, client))).toEqual([
    'written.yaml:7:37 client.cookies sets the header "Cookie" itself',
    'written.yaml:7:50 client.id_token sets the header "Authorization" itself',
  ]);
});

test.each(['idempotent: true', 'capture: { id: $.id }'])('%s is not built', async (key) => {
  const problems = await problemsOf(load(`get: /, ${key}`));
  expect(problems.join()).toContain('is not built yet in this version');
});
