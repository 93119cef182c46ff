import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { effectiveYaml } from '../../../src/scenario/effective.ts';
import { loadScenario } from '../../../src/scenario/load-scenario.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { withTraffic, wrongWith } from './traffic-file.ts';

/** One phase, and what stands beside `traffic:`. */
function scenario(phase: string, beside = ''): string {
  return `{ phases: [{ name: only, duration: 10s, ${phase} }] }${beside === '' ? '' : `,\n${beside}`}`;
}

function loaded(text: string): Promise<Scenario> {
  return withTraffic(text, (file) => loadScenario(file, { env: {} }));
}

describe('a calibration', () => {
  it('has steps of 20 s, each a quarter more, unless it says otherwise', async () => {
    const usual = await loaded(scenario('rate: 1/s', 'calibrate: { start: 20/s }'));
    expect(usual.calibrate).toEqual({
      startPerSec: 20,
      stepMs: 20_000,
      factor: 1.25,
      maxSteps: 16,
      again: false,
    });
    const own = 'calibrate: { start: 60/m, step: 5s, factor: 2, max_steps: 3, again: true }';
    expect((await loaded(scenario('rate: 1/s', own))).calibrate).toEqual({
      startPerSec: 1,
      stepMs: 5000,
      factor: 2,
      maxSteps: 3,
      again: true,
    });
    expect((await loaded(scenario('rate: 1/s'))).calibrate).toBeUndefined();
  });

  it.each([
    ['rate: 3x capacity', { kind: 'constant', ratePerSec: 3 }],
    ['rate: 0.5x capacity, ramp_to: 3 x capacity', { kind: 'ramp', ratePerSec: 0.5, toPerSec: 3 }],
    ['steps: [0.5x capacity, 1.25x capacity]', { kind: 'steps', ratesPerSec: [0.5, 1.25] }],
    [
      'rate: 0/s, spikes: { peak: 2x capacity, width: 1s, every: 5s }',
      { kind: 'spikes', ratePerSec: 0, peakPerSec: 2, widthMs: 1000, everyMs: 5000 },
    ],
  ])('gives phases their rates: %s', async (phase, shape) => {
    const { traffic } = await loaded(scenario(phase, 'calibrate: { start: 20/s }'));
    expect(traffic.phases[0]).toMatchObject({ shape, ofCapacity: true });
  });

  it('reads back from its effective form as it was', async () => {
    const text = scenario(
      'rate: 0.1x capacity, ramp_to: 3x capacity',
      'calibrate: { start: 7/s, again: true }, leak_probe: { request: read, hold: 300ms }',
    );
    await withTraffic(text, async (file) => {
      const given = await loadScenario(file, { env: {} });
      const again = join(dirname(file), 'again.yaml');
      await writeFile(again, effectiveYaml(given));
      const { calibrate, leakProbe, traffic } = await loadScenario(again, { env: {} });
      expect({ calibrate, leakProbe, traffic }).toEqual({
        calibrate: given.calibrate,
        leakProbe: given.leakProbe,
        traffic: given.traffic,
      });
      expect((parse(await readFile(again, 'utf8')) as { traffic: unknown }).traffic).toMatchObject({
        phases: [{ rate: '0.1x capacity', ramp_to: '3x capacity' }],
      });
    });
  });
});

describe('a calibration that makes no sense', () => {
  it.each([
    [
      'rate: 3x capacity',
      '',
      'x.yaml:2:21 traffic.phases.0: "3x capacity" needs a capacity that is measured first (add calibrate: { start: 20/s })',
    ],
    [
      'rate: 5/s, ramp_to: 3x capacity',
      'calibrate: { start: 20/s }',
      'x.yaml:2:21 traffic.phases.0: mixes rates per second with multiples of the capacity (write all of them per second, or all as "3x capacity")',
    ],
    ['rate: 1/s', 'calibrate: { start: 0/s }', 'x.yaml:3:21 calibrate.start: must be more than 0'],
    [
      'rate: 1/s',
      'calibrate: { start: 1/s, step: 2s }',
      'x.yaml:3:32 calibrate.step: must be between 5s and 10m',
    ],
    [
      'rate: 1/s',
      'calibrate: { start: 1000/s, factor: 2, max_steps: 20 }',
      'x.yaml:3:1 calibrate: its steps come to 20971500000 arrivals, more than 10000000 (lower max_steps or factor)',
    ],
    [
      'rate: 3x speed',
      'calibrate: { start: 1/s }',
      'x.yaml:2:56 traffic.phases.0.rate: expected a rate with its unit, such as "50/s" or "3000/m", got "3x speed"',
    ],
  ])('is refused: %s %s', async (phase, beside, problem) => {
    expect(await wrongWith(scenario(phase, beside))).toEqual([problem]);
  });

  it('is refused where each arrival needs a row of its own', async () => {
    const { makePlan } = await import('../../../src/plan/make-plan.ts');
    const text = scenario(
      'rate: 1/s',
      'calibrate: { start: 20/s }, data: { items: { file: items.csv, pick: sequence } }',
    );
    await withTraffic(
      text,
      async (file) => {
        const source = await readFile(file, 'utf8');
        await writeFile(file, source.replace('get: /', "get: '/${data.items.sku}'"));
        const given = await loadScenario(file, { env: {} });
        expect(() => makePlan(given)).toThrow(/"items" has 40 rows, and "read" may have any number/);
      },
      { 'items.csv': `sku\n${Array.from({ length: 40 }, (_, row) => `s${row}`).join('\n')}\n` },
    );
  });
});

describe('a leak probe', () => {
  it('holds as long as its request does, unless it says otherwise', async () => {
    const probe = 'leak_probe: { request: write, hold: 400ms }';
    expect((await loaded(scenario('rate: 1/s', probe))).leakProbe).toEqual({ route: 1, holdMs: 400 });
    const { leakProbe } = await loadScenario('scenarios/overload.yaml', { env: {} });
    expect(leakProbe).toEqual({ route: 0, holdMs: 252 });
  });

  it.each([
    [
      'leak_probe: { request: reed, hold: 300ms }',
      'x.yaml:3:24 leak_probe.request: there is no request "reed" (did you mean "read"?)',
    ],
    [
      'leak_probe: { request: read }',
      'x.yaml:3:13 leak_probe: nothing says that "read" holds its session for 200 ms or more (hold: 300ms, of a request that does)',
    ],
    [
      'leak_probe: { request: read, hold: 100ms }',
      'x.yaml:3:36 leak_probe.hold: must be at least 200ms: the requests have to overlap',
    ],
  ])('is refused: %s', async (probe, problem) => {
    expect(await wrongWith(scenario('rate: 1/s', probe))).toEqual([problem]);
  });

  it('is refused where an instance has several processes, and those that wait could not get a session', async () => {
    const text = scenario('rate: 1/s', 'leak_probe: { request: read, hold: 600ms }');
    await withTraffic(text, async (file) => {
      const source = await readFile(file, 'utf8');
      await writeFile(
        file,
        source.replace('app_pool_max: 1', 'app_pool_max: 1, app_workers_per_instance: 2'),
      );
      await expect(loadScenario(file, { env: {} })).rejects.toThrow(
        /with 2 workers an instance, a hold of 600 ms is more than half of the acquire timeout, 500 ms/,
      );
    });
  });
});
