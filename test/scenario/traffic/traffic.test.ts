import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { InputError } from '../../../src/base/errors.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { effectiveYaml } from '../../../src/scenario/effective.ts';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';
import { trafficOf, withTraffic, wrongWith } from './traffic-file.ts';

/** One phase of ten seconds. */
function phase(more: string): string {
  return `{ phases: [{ name: only, duration: 10s, ${more} }] }`;
}

const uniform = { kind: 'uniform' } as const;
const poisson = { kind: 'poisson' } as const;
const states = '{ low: 0.1, high_for: 200ms, low_for: 1.8s }';
const mmpp = { kind: 'mmpp', low: 0.1, highForMs: 200, lowForMs: 1800 } as const;

describe('a phase', () => {
  it.each([
    ['rate: 20/s', { kind: 'constant', ratePerSec: 20 }],
    ['rate: 20/s, ramp_to: 200/s', { kind: 'ramp', ratePerSec: 20, toPerSec: 200 }],
    ['steps: [10/s, 50/s, 1200/m]', { kind: 'steps', ratesPerSec: [10, 50, 20] }],
    [
      'rate: 20/s, spikes: { peak: 200/s, width: 1s, every: 5s }',
      { kind: 'spikes', ratePerSec: 20, peakPerSec: 200, widthMs: 1000, everyMs: 5000 },
    ],
    ['burst: { requests: 300, within: 1s }', { kind: 'burst', ratePerSec: 0, requests: 300, withinMs: 1000 }],
    [
      'rate: 5/s, burst: { requests: 300, within: 10s }',
      { kind: 'burst', ratePerSec: 5, requests: 300, withinMs: 10_000 },
    ],
    ['sync: { requests: 100 }', { kind: 'sync', ratePerSec: 0, requests: 100, everyMs: null }],
    [
      'rate: 5/s, sync: { requests: 100, every: 2s }',
      { kind: 'sync', ratePerSec: 5, requests: 100, everyMs: 2000 },
    ],
    [
      'closed: { clients: 50, think: 500ms }',
      { kind: 'closed', clients: 50, think: { law: 'constant', meanMs: 500 } },
    ],
    [
      'closed: { clients: 50, think: 0ms }',
      { kind: 'closed', clients: 50, think: { law: 'constant', meanMs: 0 } },
    ],
    [
      'closed: { clients: 50, think: { mean: 500ms } }',
      { kind: 'closed', clients: 50, think: { law: 'exponential', meanMs: 500 } },
    ],
    [
      'closed: { clients: 50, think: { mean: 500ms, law: lognormal } }',
      { kind: 'closed', clients: 50, think: { law: 'lognormal', meanMs: 500, sigma: 1 } },
    ],
    [
      'closed: { clients: 50, think: { mean: 500ms, law: pareto, alpha: 1.2 } }',
      { kind: 'closed', clients: 50, think: { law: 'pareto', meanMs: 500, alpha: 1.2 } },
    ],
  ])('has a shape: %s', async (text, shape) => {
    expect((await trafficOf(phase(text))).phases).toEqual([
      { name: 'only', durationMs: 10_000, stress: false, arrivals: poisson, shape },
    ]);
  });

  it('has the process of the whole, unless it has its own', async () => {
    const { arrivals, phases } = await trafficOf(`{ arrivals: mmpp, mmpp: ${states}, phases: [
      { name: a, duration: 1s, rate: 1/s },
      { name: b, duration: 1s, rate: 1/s, arrivals: uniform },
      { name: c, duration: 1s, rate: 1/s, mmpp: { low: 0, high_for: 1s, low_for: 3s } }] }`);
    expect([arrivals, ...phases.map((one) => one.arrivals)]).toEqual([
      mmpp,
      mmpp,
      uniform,
      { kind: 'mmpp', low: 0, highForMs: 1000, lowForMs: 3000 },
    ]);
  });

  it('may be the only one that is an mmpp, with states of its own or of the whole', async () => {
    const own = `arrivals: mmpp, mmpp: ${states}`;
    expect((await trafficOf(phase(`rate: 1/s, ${own}`))).phases[0].arrivals).toEqual(mmpp);
    const shared = `{ mmpp: ${states}, phases: [{ name: a, duration: 1s, rate: 1/s, arrivals: mmpp }] }`;
    const traffic = await trafficOf(shared);
    expect([traffic.arrivals, traffic.phases[0].arrivals]).toEqual([poisson, mmpp]);
  });
});

describe('phases that make no sense', () => {
  it.each([
    [
      '',
      'x.yaml:2:21 traffic.phases.0: has no load: it needs one of rate, steps, burst, sync, replay, closed (rate: 0/s is a pause)',
    ],
    ['ramp_to: 5/s', 'x.yaml:2:50 traffic.phases.0.ramp_to: "ramp_to" needs a "rate" beside it'],
    [
      'spikes: { peak: 5/s, width: 1s, every: 2s }',
      'x.yaml:2:50 traffic.phases.0.spikes: "spikes" needs a "rate" beside it',
    ],
    [
      'rate: 1/s, steps: [1/s, 2/s]',
      'x.yaml:2:50 traffic.phases.0.rate: "rate" and "steps" exclude each other (leave rate out)',
    ],
    [
      'rate: 1/s, closed: { clients: 1, think: 1s }',
      'x.yaml:2:50 traffic.phases.0.rate: "rate" and "closed" exclude each other (leave rate out)',
    ],
    [
      'rate: 1/s, ramp_to: 2/s, sync: { requests: 1 }',
      'x.yaml:2:75 traffic.phases.0.sync: "sync" and "ramp_to" exclude each other (a phase has one shape: make it two phases)',
    ],
    [
      'rate: 1/s, spikes: { peak: 1/s, width: 500ms, every: 1s }',
      "x.yaml:2:71 traffic.phases.0.spikes.peak: must be more than the phase's rate",
    ],
    [
      'rate: 1/s, spikes: { peak: 2/s, width: 1s, every: 1s }',
      'x.yaml:2:82 traffic.phases.0.spikes.width: must be less than "every" (otherwise the rate never comes down)',
    ],
    [
      'burst: { requests: 1, within: 11s }',
      'x.yaml:2:72 traffic.phases.0.burst.within: is longer than the phase, 10 s',
    ],
    [
      'arrivals: uniform, sync: { requests: 1 }',
      'x.yaml:2:50 traffic.phases.0.arrivals: has no effect: no rate follows it (leave arrivals out)',
    ],
    [
      `arrivals: mmpp, mmpp: ${states}, closed: { clients: 1, think: 1s }`,
      'x.yaml:2:50 traffic.phases.0.arrivals: has no effect: no rate follows it (leave arrivals out)',
      'x.yaml:2:66 traffic.phases.0.mmpp: has no effect: no rate follows it (leave mmpp out)',
    ],
    [
      `burst: { requests: 1, within: 1s }, mmpp: ${states}, arrivals: mmpp`,
      'x.yaml:2:86 traffic.phases.0.mmpp: has no effect: no rate follows it (leave mmpp out)',
      'x.yaml:2:138 traffic.phases.0.arrivals: has no effect: no rate follows it (leave arrivals out)',
    ],
    [
      'rate: 1/s, arrivals: mmpp',
      'x.yaml:2:61 traffic.phases.0.arrivals: mmpp needs its states (mmpp: { low: 0.1, high_for: 200ms, low_for: 1.8s })',
    ],
    [
      `rate: 1/s, mmpp: ${states}`,
      'x.yaml:2:61 traffic.phases.0.mmpp: the arrivals of this phase are not mmpp (set arrivals: mmpp, or leave mmpp out)',
    ],
    [
      'closed: { clients: 2001, think: { mean: 1s, sigma: 2, alpha: 2 } }',
      'x.yaml:2:60 traffic.phases.0.closed.clients: 2001 clients, but max_in_flight drops what is beyond 2000 (raise traffic.max_in_flight to 2001)',
      'x.yaml:2:94 traffic.phases.0.closed.think.sigma: has no effect: law is not lognormal',
      'x.yaml:2:104 traffic.phases.0.closed.think.alpha: has no effect: law is not pareto',
    ],
    [
      'rate: 0/s, spikes: { peak: 1/s, width: 1us, every: 2us }',
      'x.yaml:2:21 traffic.phases.0: its rate changes 10000000 times, more than 1000000 (shorten the phase, or let each spike or state last longer)',
    ],
    [
      'rate: 1000001/s',
      'x.yaml:2:12 the phases plan 10000010 arrivals, more than 10000000 (shorten the phases or lower their rates)',
    ],
    ['rate: 0/s', 'x.yaml:2:12 the phases together plan no arrivals'],
  ])('are refused: %s', async (text, ...problems) => {
    expect(await wrongWith(phase(text))).toEqual(problems);
  });

  it('are refused for what stands above them', async () => {
    expect(await wrongWith(`{ arrivals: mmpp, ${phase('rate: 1/s').slice(2)}`)).toEqual([
      'x.yaml:2:12 traffic.arrivals: mmpp needs its states (mmpp: { low: 0.1, high_for: 200ms, low_for: 1.8s })',
    ]);
    expect(await wrongWith(`{ mmpp: ${states}, ${phase('rate: 1/s').slice(2)}`)).toEqual([
      'x.yaml:2:12 traffic.mmpp: the arrivals are not mmpp, here or in any phase without states of its own (set arrivals: mmpp, or leave mmpp out)',
    ]);
  });

  it('are refused for numbers that can’t be, with the reason', async () => {
    expect(
      await wrongWith(
        phase(
          'steps: [1/s], burst: { requests: 0, within: 0s }, sync: { requests: 1.5 }, replay: { file: "", speed: 0 }, ' +
            'closed: { clients: 0, think: 500 }, arrivals: bursty, mmpp: { low: 1, high_for: 1s }',
        ),
      ),
    ).toEqual([
      'x.yaml:2:57 traffic.phases.0.steps: at least two rates are needed',
      'x.yaml:2:83 traffic.phases.0.burst.requests: must be at least 1',
      'x.yaml:2:94 traffic.phases.0.burst.within: must be more than 0',
      'x.yaml:2:118 traffic.phases.0.sync.requests: expected a whole number, got 1.5',
      'x.yaml:2:141 traffic.phases.0.replay.file: must not be empty',
      'x.yaml:2:152 traffic.phases.0.replay.speed: must be more than 0',
      'x.yaml:2:176 traffic.phases.0.closed.clients: must be at least 1',
      'x.yaml:2:186 traffic.phases.0.closed.think: expected a duration with its unit, such as "250ms" or "10s", got 500',
      'x.yaml:2:203 traffic.phases.0.arrivals: must be uniform, poisson or mmpp',
      'x.yaml:2:217 traffic.phases.0.mmpp.low_for: missing',
      'x.yaml:2:224 traffic.phases.0.mmpp.low: must be less than 1',
    ]);
  });

  it('are refused all at once', async () => {
    const problems = await wrongWith(`{ arrivals: mmpp, phases: [
      { name: a, duration: 1s },
      { name: a, duration: 1s, rate: 1/s, burst: { requests: 1, within: 2s }, spikes: { peak: 1/s, width: 1s, every: 1s } },
      { name: c, duration: 1s, replay: { file: none.csv } }] }`);
    expect(problems.map((line) => line.split(' ')[0])).toEqual([
      'x.yaml:2:12',
      'x.yaml:3:7',
      'x.yaml:4:15',
      'x.yaml:4:43',
      'x.yaml:4:65',
      'x.yaml:4:89',
      'x.yaml:4:100',
      'x.yaml:5:48',
    ]);
  });

  it('are told from what is not built', async () => {
    expect(await wrongWith(phase('rate: 1/s, until: "instances == 0", timeout: 20m'))).toEqual([
      'x.yaml:2:61 traffic.phases.0.until is not built yet in this version (leave until out)',
      'x.yaml:2:86 traffic.phases.0.timeout is not built yet in this version (leave timeout out)',
    ]);
  });
});

it('may be on and off, however rarely, for as long as its mean is not too much', async () => {
  const rarely = 'mmpp: { low: 0, high_for: 100ms, low_for: 60s }';
  const hours = `{ phases: [{ name: a, duration: 2h, rate: 1000/s, arrivals: mmpp, ${rarely} }] }`;
  expect(await wrongWith(hours)).toEqual([]);
});

describe('closed clients', () => {
  it('are load, though nothing is planned', async () => {
    expect(await wrongWith(phase('closed: { clients: 1, think: 1s }'))).toEqual([]);
  });
});

describe('the page on scenarios', () => {
  it('shows traffic that is read as it stands', async () => {
    const page = await readFile('scenarios/README.md', 'utf8');
    const example = /### Traffic\n\n```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
    const { traffic } = parse(example) as { traffic: { phases: readonly object[] } };
    expect(traffic.phases.length).toBeGreaterThan(8);
    const { phases } = await trafficOf(traffic, { 'times.csv': '0\n1\n' });
    const kinds = ['constant', 'ramp', 'steps', 'spikes', 'burst', 'sync', 'replay', 'closed'];
    expect(new Set(phases.map(({ shape }) => shape.kind))).toEqual(new Set(kinds));
  });
});

describe('the effective form', () => {
  const rate = fc.constantFrom('20/s', '100/m', '1/h', '0.05/s', '7.3/s');
  const length = fc.constantFrom('250ms', '1.5s', '333.3333ms', '20us');
  const process = fc.oneof(
    fc.constant({}),
    fc.record({ arrivals: fc.constantFrom('uniform', 'poisson') }),
    fc.record({
      arrivals: fc.constant('mmpp'),
      mmpp: fc.record({ low: fc.constantFrom(0, 0.1), high_for: length, low_for: fc.constant('2s') }),
    }),
  );
  const think = fc.oneof(
    length,
    fc.record({ mean: length }),
    fc.record({ mean: length, law: fc.constant('lognormal'), sigma: fc.constantFrom(0.5, 2) }),
    fc.record({ mean: length, law: fc.constant('pareto') }),
  );
  const shape = fc.oneof(
    fc.tuple(fc.record({ rate }), process).map(([one, other]) => ({ ...one, ...other })),
    fc.tuple(fc.record({ rate, ramp_to: rate }), process).map(([one, other]) => ({ ...one, ...other })),
    fc.record({ steps: fc.array(rate, { minLength: 2, maxLength: 4 }) }),
    fc.record({ rate, spikes: fc.constant({ peak: '99/s', width: '20ms', every: '100.001ms' }) }),
    fc
      .tuple(
        fc.record({ rate, burst: fc.record({ requests: fc.nat(50).map((n) => n + 1), within: length }) }),
        process,
      )
      .map(([one, other]) => ({ ...one, ...other })),
    fc.record({
      sync: fc.record(
        { requests: fc.constant(7), every: fc.constantFrom('333.3333ms', '2s') },
        { requiredKeys: ['requests'] },
      ),
    }),
    fc.record({ replay: fc.record({ file: fc.constant('times.csv'), speed: fc.constantFrom(1, 2.5) }) }),
    fc.record({ closed: fc.record({ clients: fc.constant(3), think }) }),
  );
  const traffic = fc
    .tuple(process, fc.array(shape, { minLength: 1, maxLength: 4 }))
    .map(([whole, shapes]) => ({
      ...whole,
      phases: [
        { name: 'first', duration: '1.5s', rate: '20/s' },
        ...shapes.map((one, index) => ({ name: `p${index}`, duration: '1.5s', ...one })),
      ],
    }));

  it('reads back as the same traffic and the same schedule, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(traffic, async (given) => {
        await withTraffic(
          given,
          async (file) => {
            const scenario = await loadScenario(file, { env: {} });
            await writeFile(`${file}.effective.yaml`, effectiveYaml(scenario));
            const again = await loadScenario(`${file}.effective.yaml`, { env: {} });
            expect(again.traffic).toEqual(scenario.traffic);
            expect(makePlan(again).scheduleHash).toBe(makePlan(scenario).scheduleHash);
          },
          { 'times.csv': '0\n0.1,write\n1.2\n' },
        );
      }),
      { numRuns: 20 },
    );
  });

  it('finds its recorded list from any other folder', async () => {
    await withTraffic(
      phase('replay: { file: times.csv }'),
      async (file) => {
        const text = effectiveYaml(await loadScenario(file, { env: {} }));
        expect(text).toContain(`file: ${join(dirname(file), 'times.csv')}`);
      },
      { 'times.csv': '0\n1\n' },
    );
  });
});

describe('whatever traffic is given', () => {
  const value = fc.constantFrom<unknown>(
    ...['1/s', '0/s', '1s', '0s', '5ms', 'mmpp', 'poisson', 'x', '', 0, 1, 1e9, -1, null, true],
    ...[[], ['1/s', '2/s'], {}, { requests: 3, within: '1s' }, { requests: 3 }],
    ...[{ peak: '9/s', width: '1ms', every: '1s' }, { file: 'times.csv' }, { file: 'x.yaml', speed: 2 }],
    ...[
      { clients: 2, think: '1s' },
      { clients: 2, think: { mean: '1s', law: 'pareto' } },
    ],
    ...[{ low: 0.5, high_for: '1s', low_for: '1s' }],
  );
  const keys = [
    'rate',
    'ramp_to',
    'steps',
    'spikes',
    'burst',
    'sync',
    'replay',
    'closed',
    'arrivals',
    'mmpp',
  ];
  const onePhase = fc.dictionary(fc.constantFrom(...keys, 'name', 'duration', 'stress', 'until'), value);

  it('is traffic or an InputError', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(onePhase, { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('arrivals', 'mmpp', 'max_in_flight'), value),
        async (phases, whole) => {
          const named = phases.map((one, index) => ({ name: `p${index}`, duration: '1s', ...one }));
          try {
            await trafficOf({ ...whole, phases: named }, { 'times.csv': '0\n0.5,read\n' });
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
            expect((error as InputError).problems.length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
