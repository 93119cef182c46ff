import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { checkFeeds } from '../../../src/scenario/requests/check-feeds.ts';
import { effectiveYaml } from '../../../src/scenario/effective.ts';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { compileTemplate, fillPart } from '../../../src/scenario/requests/template.ts';
import { problemsOf } from '../problems.ts';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'poolproof-data-'))));
afterAll(() => rm(folder, { recursive: true }));

interface Given {
  readonly data?: string;
  readonly request?: string;
  readonly files?: Readonly<Record<string, string | Buffer>>;
}

/** Loads a scenario of one request with the files beside it. */
async function load({ data = '', request = 'get: /', files = {} }: Given): Promise<Scenario> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
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
${data === '' ? '' : `data:\n  items: { ${data} }`}
`,
  );
  return loadScenario(path, { env: {} });
}

/** What is wrong, files without their folder. */
async function problems(given: Given): Promise<readonly string[]> {
  return (await problemsOf(load(given))).map((line) => line.replaceAll(`${folder}/`, ''));
}

/** A template filled for the first arrivals of its route. */
function filled({ data }: Scenario, text: string, count: number): readonly string[] {
  const part = compileTemplate(text, { seed: 1, stream: 's', feeds: data });
  return Array.from({ length: count }, (_, nth) => fillPart(part, { arrival: nth, client: 0, nth }));
}

const inSequence = 'file: items.csv, pick: sequence';
const wantsBoth = "get: '/${data.items.id}/${data.items.name}'";

test('CSV is read with quotes, line breaks, empty lines, a mark before it and spaces in its header', async () => {
  const csv = '\uFEFF"id", name \r\n1,"a, ""b"""\r\n\r\n2,"x\r\ny"\r\n3,größer\r\n';
  const scenario = await load({ data: inSequence, request: wantsBoth, files: { 'items.csv': csv } });
  expect(scenario.data['items']).toMatchObject({ rows: 3, pick: 'sequence', columns: ['id', 'name'] });
  expect(filled(scenario, '${data.items.id}=${data.items.name}', 3)).toEqual([
    '1=a, "b"',
    '2=x\ny',
    '3=größer',
  ]);
});

test('JSON lines are read as text, whatever else stands in them', async () => {
  const lines = '\uFEFF{"id":1,"name":"a","tags":["x"]}\n\n{"name":true,"id":1.5}\r\n{"id":"007","name":""}';
  for (const name of ['items.jsonl', 'items.ndjson']) {
    const data = `file: ${name}, pick: circular`;
    const scenario = await load({ data, request: wantsBoth, files: { [name]: lines } });
    expect(filled(scenario, '${data.items.id}=${data.items.name}', 4)).toEqual([
      '1=a',
      '1.5=true',
      '007=',
      '1=a',
    ]);
  }
});

test('whatever texts a row has, they arrive as they were written', async () => {
  // One column alone that is empty is an empty line, and a lone CR is no text that CSV can hold apart from its rows.
  const cell = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\r', ''));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), async (rows) => {
      const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const csv = rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');
      const json = rows.map(([id, name]) => `${JSON.stringify({ id, name })}\n`).join('');
      const files = { 'items.csv': `id,name\n${csv}`, 'items.jsonl': json };
      for (const file of Object.keys(files)) {
        const data = `file: ${file}, pick: sequence`;
        const scenario = await load({ data, request: wantsBoth, files });
        expect(filled(scenario, '${data.items.id}|${data.items.name}', rows.length)).toEqual(
          rows.map(([id, name]) => `${id}|${name}`),
        );
      }
    }),
    { numRuns: 15 },
  );
});

test('rows may be many and long, of any script', async () => {
  const rows = Array.from({ length: 3000 }, (_, row) => [
    `${row}`,
    row === 5 ? '€'.repeat(50_000) : `größe ${row}`,
  ]);
  const csv = `id,name\n${rows.map((row) => `${row.join(',')}\n`).join('')}`;
  const scenario = await load({ data: inSequence, request: wantsBoth, files: { 'items.csv': csv } });
  expect(filled(scenario, '${data.items.id},${data.items.name}', 3000)).toEqual(
    rows.map((row) => row.join(',')),
  );
});

test('any row at random is the default, and the effective form says so', async () => {
  const files = { 'items.csv': 'id,name\n1,a\n' };
  const scenario = await load({ data: 'file: items.csv', request: wantsBoth, files });
  expect(scenario.data['items']?.pick).toBe('random');
  expect(effectiveYaml(scenario)).toContain(
    `data:\n  items:\n    file: ${join(folder, 'items.csv')}\n    pick: random\n`,
  );
});

describe('what is wrong with a file is said with its line:', () => {
  it.each<[string, string | Buffer, readonly string[]]>([
    ['an empty file', '', ['items.csv:1:1 it has no rows']],
    ['a header alone', 'id,name\n', ['items.csv:1:1 it has no rows']],
    [
      'ragged rows',
      'id,name\n1,a\n2\n\n"3\n",b,c\n4,d\n5\n',
      [
        'items.csv:3:1 the row has 1 field, the header 2 fields',
        'items.csv:5:1 the row has 3 fields, the header 2 fields',
        'items.csv:8:1 the row has 1 field, the header 2 fields',
      ],
    ],
    [
      'a quote that is never closed',
      'id,name\n1,a\n2,"b\n3,c\n',
      ['items.csv:3:1 a quote is never closed, or something follows a closing one'],
    ],
    [
      'something behind a closing quote, and what follows from that',
      'id,name\n1,"a"x\n2,"b"\n3\n',
      ['items.csv:2:1 a quote is never closed, or something follows a closing one'],
    ],
    ['a column twice', 'id,name,id\n1,a,2\n', ['items.csv:1:1 two columns are called "id"']],
    ['a column without a name', 'id,name,\n1,a,2\n', ['items.csv:1:1 a column has no name']],
    [
      'another encoding',
      Buffer.from('id,name\n1,gr\xf6\xdfer\n', 'latin1'),
      ['items.csv:1:1 not text in UTF-8 (save it as UTF-8)'],
    ],
  ])('CSV with %s', async (_, csv, expected) => {
    expect(await problems({ data: inSequence, request: wantsBoth, files: { 'items.csv': csv } })).toEqual(
      expected,
    );
  });

  it('JSON lines that are none, no objects, or have no text where one is wanted', async () => {
    const lines = [
      '{"id":1,"name":"a"}',
      '{"id":2,"name"}',
      '[1]',
      '{"id":null,"name":{"first":"a"}}',
      '{"id":12345678901234567890}',
    ];
    const given = {
      data: 'file: items.jsonl',
      request: wantsBoth,
      files: { 'items.jsonl': lines.join('\n') },
    };
    expect((await problems(given)).map((line) => line.replace(/not JSON: .*/, 'not JSON'))).toEqual([
      'items.jsonl:2:1 not JSON',
      'items.jsonl:3:1 not an object: each line is one, such as {"id": 1}',
      'items.jsonl:4:1 "id" is null: text or a number is needed',
      'items.jsonl:4:1 "name" is nested: text or a number is needed',
      'items.jsonl:5:1 "id" is a number too large to be read exactly (put it in quotes)',
      'items.jsonl:5:1 the row has no "name"',
    ]);
  });

  it('values that are no number, or that no header may have, where that is wanted', async () => {
    const request =
      "post: /, headers: { x-name: 'n ${data.items.name}' }, json: { id: '${data.items.id as number}' }";
    const csv = 'id,name\n1,a\n01,b\n,c\n1e3,größe\n2,"a\nb"\n3,\u20ac\n';
    expect(await problems({ data: inSequence, request, files: { 'items.csv': csv } })).toEqual([
      'items.csv:3:1 "id" is not a number: "01"',
      'items.csv:4:1 "id" is not a number: ""',
      'items.csv:6:1 "name" has a character that is not allowed in headers',
      'items.csv:8:1 "name" has a character that is not allowed in headers',
    ]);
  });

  it('ten of one file, and how many more there are', async () => {
    const csv = `id,name\n${'1\n'.repeat(500)}`;
    const said = await problems({ data: inSequence, request: wantsBoth, files: { 'items.csv': csv } });
    expect(said).toHaveLength(11);
    expect(said.at(-1)).toBe('items.csv:11:1 and 490 more like these');
  });
});

test('a file that is missing, or too large to be read', async () => {
  const missing = { data: 'file: nowhere.csv', request: wantsBoth };
  expect(await problems(missing)).toEqual(["written.yaml:9:18 can't read nowhere.csv: no such file"]);
  await writeFile(join(folder, 'large.csv'), 'id,name\n');
  await truncate(join(folder, 'large.csv'), 104_857_601);
  expect(await problems({ data: 'file: large.csv', request: wantsBoth })).toEqual([
    "written.yaml:9:18 can't read large.csv: it is larger than 100 MiB",
  ]);
});

test('a feed or a column that there is not is said where it is asked for, with the nearest one', async () => {
  const files = { 'items.csv': 'id,name\n1,a\n' };
  const request =
    "post: '/${data.itmes.id}', headers: { x-a: '${data.items.nmae}' }, form: { a: '${data.items.price}' }";
  expect(await problems({ data: inSequence, request, files })).toEqual([
    'written.yaml:7:24 requests.0.post: there is no data "itmes" (did you mean "items"?)',
    'written.yaml:7:61 requests.0.headers.x-a: the data "items" has no column "nmae" (did you mean "name"?)',
    'written.yaml:7:96 requests.0.form.a: the data "items" has no column "price" (it has: id, name)',
  ]);
  expect(await problems({ request: "get: '/${data.items.id}'" })).toEqual([
    'written.yaml:7:23 requests.0.get: there is no data "items" (declare it under data)',
  ]);
});

test.each([
  ['file: items.txt', 'data.items.file: must end in .csv, .jsonl or .ndjson'],
  ['file: items.csv, pick: shuffle', 'data.items.pick: must be random, sequence or circular'],
  ['file: items.csv, order: random', 'unknown key "data.items.order"'],
  ['pick: random', 'data.items.file: missing'],
])('%s is refused', async (data, message) => {
  expect((await problems({ data })).join('\n')).toContain(message);
});

describe('a feed in sequence', () => {
  const files = { 'items.csv': 'id,name\n1,a\n2,b\n3,c\n' };
  const check = async (pick: string, arrivals: readonly number[]): Promise<string> => {
    const scenario = await load({ data: `file: items.csv, pick: ${pick}`, request: wantsBoth, files });
    try {
      checkFeeds(scenario.requests, scenario.data, arrivals);
      return '';
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.message.replaceAll(`${folder}/`, '');
    }
  };

  it('is enough for as many arrivals as it has rows', async () => {
    expect(await check('sequence', [3])).toBe('');
    expect(await check('circular', [Infinity])).toBe('');
    expect(await check('random', [4])).toBe('');
  });

  it('is refused before the run where it would run out', async () => {
    expect(await check('sequence', [4])).toBe(
      'written.yaml:9:3 the data "items" has 3 rows, and "one" has 4 arrivals\n  hint: pick: circular starts over',
    );
    expect(await check('sequence', [Infinity])).toContain('"one" may have any number of arrivals');
  });
});
