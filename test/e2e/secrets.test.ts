import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { freshFolder, startCli } from '../support/cli.ts';
import { descendantsOf } from '../support/processes.ts';

/** Forty values of many kinds: long, short, of digits alone, with all that is escaped somewhere. */
const planted: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => {
    const kinds = [
      `pl4nted-${index}-value`,
      `a"b&c<${index}>'d e/f%${index}`,
      `9${String(index).padStart(2, '0')}0417365${index}`,
      `q${index}Zx`,
      `Bearer-${index}.abc_def==`,
    ];
    return [`S${index}`, kinds[index % kinds.length] ?? ''];
  }),
);
const env = (index: number): string => `\${env:S${index}}`;

function scenario(folder: string, more: { env?: string; chaos?: string; postgres?: string } = {}): string {
  const shown = Array.from({ length: 20 }, (_, index) => `SHOW_${index}: "${env(index)}"`).join(', ');
  const text = `version: 1
name: secrets
contract:
  service: { name: api, max_instances: 1, container_concurrency: 10, request_timeout_seconds: 5 }
  database: { app_pool_max: 3, acquire_timeout_ms: 1000, statement_timeout_ms: 2000 }
target:
  local:
    command: [sh, -c, 'exec node ${resolve('test/fixtures/secrets/leaky.mjs')} # ${env(29)}']
    secrets: {}
    env: { ${shown}${more.env ?? ''} }
postgres: ${more.postgres ?? '{ embedded: { max_connections: 60 } }'}
traffic:
  phases: [{ name: baseline, duration: 4s, rate: 15/s }]
requests:
  - { name: read, get: "/orders/${env(20)}", headers: { x-sent: "${env(22)}", authorization: "Bearer literal-t0ken-of-mine" } }
  - { name: write, post: "/orders", json: { note: "${env(23)}", pin: "${env(24)}" } }
assertions:
  - { expr: "p99(http.latency) <= 10s", because: "${env(25)}" }
  - { expr: "p99(http.latency) <= 20s", because: "asked for by ${env(26)}" }
chaos:
${more.chaos ?? '  []'}
safety: { allow_exec: true }
`;
  const file = join(folder, 'secrets.yaml');
  writeFileSync(file, text);
  return file;
}

const execs = `  - { at: 500ms, do: exec, with: { command: [sh, -c, 'sleep 1; echo "said ${env(27)}"; echo ${env(28)}'] } }
  - { at: 700ms, do: exec, with: { command: [sh, -c, 'echo ${env(30)} >&2; exit 4'] } }`;

/** Runs poolproof; gathers all that it printed, wrote and showed in the list of processes. */
async function everything(args: readonly string[], folder: string): Promise<Map<string, string>> {
  const cli = startCli(args, planted);
  const commands = new Set<string>();
  const looking = setInterval(() => {
    for (const { command } of descendantsOf(cli.pid ?? 0)) commands.add(command);
  }, 50);
  const { stdout, stderr } = await cli;
  clearInterval(looking);
  const found = new Map([
    ['stdout', stdout],
    ['stderr', stderr],
    ['ps', [...commands].join('\n')],
  ]);
  for (const path of filesIn(folder)) found.set(path, await textOf(path));
  return found;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile());
}

async function textOf(path: string): Promise<string> {
  const bytes = readFileSync(path);
  if (!path.endsWith('.parquet')) return bytes.toString();
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const rows = await parquetReadObjects({ file });
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
}

function formsOf(value: string): readonly string[] {
  const inner = (before: string): string =>
    Buffer.from(before + value)
      .toString('base64')
      .slice(4, -4);
  return [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value)).slice(3, -3),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    ...(value.length < 10 ? [] : [inner(''), inner('a'), inner('ab'), Buffer.from(value).toString('hex')]),
  ];
}

function leaks(found: ReadonlyMap<string, string>): readonly string[] {
  const secrets = [...Object.entries(planted), ['literal', 'literal-t0ken-of-mine']];
  return [...found].flatMap(([where, text]) =>
    secrets.flatMap(([name = '', value = '']) =>
      formsOf(value)
        .filter((form) => text.includes(form))
        .map((form) => `${where}: ${name} as ${form}`),
    ),
  );
}

interface Case {
  readonly name: string;
  readonly verb?: string;
  readonly more?: Parameters<typeof scenario>[1];
  readonly said: RegExp;
}

const wrong = `{ url: "postgres://app:${env(35)}@127.0.0.1:1/shop", monitor_url: "postgres://m:${env(37)}@127.0.0.1:1/postgres", max_connections: 60 }`;

const cases: readonly Case[] = [
  { name: 'a run', more: { chaos: execs }, said: /verdict|FAIL|INCONCLUSIVE|PASS/ },
  { name: 'a service that fails to start', more: { env: ', FAIL: "1"' }, said: /last lines/ },
  { name: 'a server that is not there', more: { postgres: wrong }, said: /error: / },
  { name: 'a plan', verb: 'plan', more: { chaos: execs }, said: /chaos/ },
  { name: 'a plan of a server', verb: 'plan', more: { postgres: wrong }, said: /postgres/ },
  {
    name: 'a scenario that is wrong',
    verb: 'validate',
    more: {
      env: `, X: "${env(33)}", PORT: "${env(34)}"`,
      chaos: `  - { at: "${env(35)}", do: "${env(36)}" }`,
    },
    said: /error: /,
  },
];

it.each(cases)('$name shows no secret anywhere', async ({ verb = 'run', more, said }) => {
  const folder = await freshFolder();
  const file = scenario(await freshFolder(), more);
  const out = verb === 'run' ? ['-o', folder] : [];
  const found = await everything([verb, file, ...out], folder);
  expect(`${found.get('stdout')}${found.get('stderr')}`).toMatch(said);
  expect(leaks(found)).toEqual([]);
});
