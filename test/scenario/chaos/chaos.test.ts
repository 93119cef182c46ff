import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';
import { readMoment } from '../../../src/scenario/chaos/moment.ts';
import { fixture, problemsOf } from '../problems.ts';

test('every fault arrives on the timeline of the load, with its parameters', async () => {
  const { chaos } = await loadScenario(fixture('scenario', 'local.yaml'), { env: { TOKEN: 'abcdef123' } });
  expect(chaos).toStrictEqual([
    {
      id: '1-revision.deploy',
      atUs: 3_000_000,
      forUs: null,
      service: 'api',
      fault: {
        kind: 'revision.deploy',
        env: { VERSION: '2', PORTS: '${port:web}' },
        maxInstances: 9,
        concurrency: 5,
      },
    },
    {
      id: '2-revision.traffic',
      atUs: 3_500_000,
      forUs: 2_000_000,
      service: 'api',
      fault: { kind: 'revision.traffic', percent: { latest: 40, previous: 60 } },
    },
    {
      id: '3-service.scale',
      atUs: 10_000_000,
      forUs: 20_000_000,
      service: 'api',
      fault: { kind: 'service.scale', minInstances: 0 },
    },
    {
      id: '4-instance.kill',
      atUs: 32_000_000,
      forUs: null,
      service: 'worker',
      fault: { kind: 'instance.kill', count: 2 },
    },
    {
      id: '5-instance.hang',
      atUs: 31_000_000,
      forUs: null,
      service: 'api',
      fault: { kind: 'instance.hang', count: 1 },
    },
    {
      id: '6-platform.over_max',
      atUs: 32_000_000,
      forUs: 1_000_000,
      service: 'api',
      fault: { kind: 'platform.over_max', factor: 2 },
    },
    {
      id: '7-platform.slow_start',
      atUs: 33_000_000,
      forUs: 1_000_000,
      service: 'api',
      fault: { kind: 'platform.slow_start', delayMs: 2000 },
    },
    {
      id: '8-platform.fail_start',
      atUs: 34_000_000,
      forUs: 1_000_000,
      service: 'api',
      fault: { kind: 'platform.fail_start' },
    },
    {
      id: '9-platform.reject',
      atUs: 35_000_000,
      forUs: 1_500_000,
      service: 'api',
      fault: { kind: 'platform.reject' },
    },
  ]);
});

test.each([
  ['{ at: brust, do: platform.reject }', 'chaos.0.at: there is no phase "brust" (did you mean "burst"?)'],
  ['{ at: noon, do: platform.reject }', 'there is no phase "noon" (phases: idle, burst)'],
  ['{ at: burst+3, do: platform.reject }', 'chaos.0.at: expected a duration with its unit'],
  ['{ at: burst+1s+1s, do: platform.reject }', 'expected one "+" at most'],
  ['{ at: 3, do: platform.reject }', 'chaos.0.at: expected a phase, a phase and a time such as "burst+3s"'],
  [
    '{ at: burst+5s, do: platform.reject }',
    'chaos.0.at: "burst+5s" is not before the end of the load, 15 s after it began',
  ],
  [
    '{ at: burst, do: instance.kil, with: { count: 1 } }',
    'unknown fault "instance.kil" (did you mean "instance.kill"?)',
  ],
  ['{ at: burst, do: coffee }', 'unknown fault "coffee" (known: revision.deploy, revision.traffic,'],
  ['{ at: burst, do: db.down }', 'chaos.0.do: db.down is not built yet in this version'],
  ['{ at: burst, do: instance.kill }', 'chaos.0.with.count: missing'],
  ['{ at: burst, do: instance.kill, with: { count: 0 } }', 'chaos.0.with.count: must be at least 1'],
  [
    '{ at: burst, do: instance.kill, with: { cuont: 1, count: 1 } }',
    'unknown key "chaos.0.with.cuont" (did you mean "count"?)',
  ],
  ['{ at: burst, do: platform.reject, with: { on: true } }', 'unknown key "chaos.0.with.on"'],
  [
    '{ at: burst, for: 1s, do: instance.kill, with: { count: 1 } }',
    "chaos.0.for: instance.kill can't be undone",
  ],
  ['{ at: burst, for: 0s, do: platform.reject }', 'chaos.0.for: must be more than 0'],
  [
    '{ at: burst, do: platform.slow_start, with: { delay: 2 } }',
    'chaos.0.with.delay: expected a duration with its unit',
  ],
  ['{ at: burst, do: platform.over_max, with: { factor: 11 } }', 'chaos.0.with.factor: must be at most 10'],
  ['{ at: burst, do: db.latency, with: { delay: 0s } }', 'chaos.0.with.delay: must be more than 0'],
  [
    '{ at: burst, do: db.jitter, with: { delay: 10ms, spread: 11ms } }',
    'chaos.0.with.spread: must be at most delay',
  ],
  [
    '{ at: burst, do: db.bandwidth, with: { rate: 64kb/s } }',
    'chaos.0.with.rate: expected bytes per second with their unit, such as "64KiB/s", got "64kb/s"',
  ],
  ['{ at: burst, do: db.bandwidth, with: { rate: 0.5B/s } }', 'chaos.0.with.rate: must be at least 1B/s'],
  ['{ at: burst, for: 1s, do: db.reset }', "chaos.0.for: db.reset can't be undone"],
  ['{ at: burst, do: service.scale }', 'chaos.0.with: needs min_instances, max_instances or both'],
  [
    '{ at: burst, do: service.scale, with: { min_instances: 3, max_instances: 2 } }',
    'chaos.0.with: min_instances is more than max_instances',
  ],
  [
    '{ at: burst, do: revision.traffic, with: { percent: { latest: 50 } } }',
    'chaos.0.with.percent: the percentages must sum to 100',
  ],
  [
    '{ at: burst, do: revision.traffic, with: { percent: { lastest: 100 } } }',
    'chaos.0.with.percent.lastest: expected latest, previous or the name of a revision',
  ],
  [
    '{ at: burst, do: revision.deploy, with: { env: { PORT: x } } }',
    'chaos.0.with.env.PORT: PORT is set by the emulator for every instance',
  ],
  [
    '{ at: burst, do: revision.deploy, with: { env: { VERSION: 2 } } }',
    'chaos.0.with.env.VERSION: expected text: put it in quotes',
  ],
  [
    '{ at: burst, do: platform.reject, service: wroker }',
    'chaos.0.service: no service "wroker" runs here (running: api)',
  ],
  ['{ at: burst }', 'chaos.0.do: missing'],
])('%s is refused', async (step, message) => {
  const problems = await problemsOf(loadScenario(await withChaos(step), { env: {} }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^written\.yaml:7:/);
  expect(problems[0]).toContain(message);
});

test('all that is wrong with a step is said at once, with what is wrong elsewhere', async () => {
  const step = '{ at: noon, for: 1s, do: instance.kill, with: { count: none }, service: nobody }';
  const path = await withChaos(step, 'postgres: { embedded: { setup: nowhere.sql } }');
  const problems = await problemsOf(loadScenario(path, { env: {} }));
  expect(problems.map((line) => line.split(' ')[0])).toEqual([
    'written.yaml:7:15',
    'written.yaml:7:21',
    'written.yaml:7:64',
    'written.yaml:7:81',
    'written.yaml:8:32',
  ]);
});

test.each([
  ['{ at: 1s, for: 3s, do: platform.reject }', '{ at: 2s, for: 1s, do: platform.reject }', 1],
  ['{ at: 2s, do: platform.reject }', '{ at: 1s, for: 3s, do: platform.reject }', 1],
  ['{ at: 1s, for: 1s, do: platform.reject }', '{ at: 2s, for: 1s, do: platform.reject }', 0],
  ['{ at: 1s, for: 3s, do: platform.reject }', '{ at: 2s, for: 1s, do: platform.fail_start }', 0],
])(
  'a fault that begins while the same one is in force would be undone wrongly: %s then %s',
  async (one, other, refused) => {
    const path = await withChaos(`${one}, ${other}`);
    if (refused === 0) expect((await loadScenario(path, { env: {} })).chaos).toHaveLength(2);
    else
      expect((await problemsOf(loadScenario(path, { env: {} })))[0]).toContain(
        'the same fault of the same service',
      );
  },
);

const phases = [
  { name: 'idle', durationMs: 10_000 },
  { name: '5s', durationMs: 1000 },
  { name: 'burst', durationMs: 4000 },
];

test.each([
  ['idle', 0],
  ['burst', 11_000_000],
  ['burst+3s', 14_000_000],
  [' burst + 250us ', 11_000_250],
  // The phase of that name, not the moment.
  ['5s', 10_000_000],
  ['6s', 6_000_000],
  // A phase may be outlived: the moment lies in one of the next.
  ['idle+12s', 12_000_000],
])('"%s" is %i microseconds into the load', (text, atUs) => {
  expect(readMoment(text, phases)).toEqual({ ok: true, atUs });
});

const folder = mkdtemp(join(tmpdir(), 'poolproof-chaos-'));

async function withChaos(step: string, more = ''): Promise<string> {
  const path = join(await folder, 'written.yaml');
  const text = [
    'version: 1',
    'name: written',
    'contract: { api: { max_instances: 2, app_pool_max: 3 } }',
    'target: { local: { command: [node, x.mjs] } }',
    'traffic: { phases: [{ name: idle, duration: 10s, rate: 0/s }, { name: burst, duration: 5s, rate: 9/s }] }',
    'requests: [{ name: home, get: / }]',
    `chaos: [${step}]`,
    more,
  ];
  await writeFile(path, text.join('\n'));
  return path;
}
