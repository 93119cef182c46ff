import { describe, expect, it } from 'vitest';
import { hashSchedule } from '../../src/plan/schedule-hash.ts';
import { makeSchedule } from '../../src/plan/schedule.ts';
import type { ArrivalProcess, LoadShape, Phase } from '../../src/scenario/traffic/traffic.ts';
import { route, shaped } from './scenario.ts';

const requests = [route('read', { weight: 9 }), route('write', { weight: 1 })] as const;
const uniform = { kind: 'uniform' } as const;
const poisson = { kind: 'poisson' } as const;
const mmpp = { kind: 'mmpp', low: 0.1, highForMs: 200, lowForMs: 1800 } as const;
const think = { law: 'pareto', meanMs: 500, alpha: 1.5 } as const;

const spikes = { kind: 'spikes', ratePerSec: 20, peakPerSec: 300, widthMs: 700, everyMs: 3100 } as const;
const burst = { kind: 'burst', ratePerSec: 15, requests: 500, withinMs: 1300 } as const;
const sync = { kind: 'sync', ratePerSec: 15, requests: 40, everyMs: 2700 } as const;
const replay = {
  kind: 'replay',
  file: '/times.csv',
  speed: 1,
  atUs: [0, 7, 7, 123_456],
  routes: [null, 1, 0, null],
} as const;

/** Another version of Node, another machine: the same bytes. A hash that changes breaks stored comparisons. */
const golden: readonly (readonly [string, ArrivalProcess, LoadShape, number, string])[] = [
  [
    'a constant rate, uniform',
    uniform,
    { kind: 'constant', ratePerSec: 137.7 },
    1377,
    '0bd6f57a1e3e4995ab93d7bac2d833ef8b1587109f2d162c5316219012700150',
  ],
  [
    'a constant rate, poisson',
    poisson,
    { kind: 'constant', ratePerSec: 137.7 },
    1370,
    'ac8954455b37084bffb066bf249f46a39d0dd09348408e6b0c1bad63c77523a9',
  ],
  [
    'a constant rate, mmpp',
    mmpp,
    { kind: 'constant', ratePerSec: 137.7 },
    2444,
    'f31af69977cff98871b7135808789e2edf0ee5a10c168786e9001957bdb6e816',
  ],
  [
    'a ramp, uniform',
    uniform,
    { kind: 'ramp', ratePerSec: 3.3, toPerSec: 271 },
    1372,
    '73a18d6e42181b59a09a65b14433ced647c74c05aa60624751def72ae2698e2f',
  ],
  [
    'a ramp, poisson',
    poisson,
    { kind: 'ramp', ratePerSec: 3.3, toPerSec: 271 },
    1366,
    '57a5ae229dd1e32fe34f1ee3ab4f4b34ef559e62cc74d51221063869ae741cf8',
  ],
  [
    'a ramp, mmpp',
    mmpp,
    { kind: 'ramp', ratePerSec: 3.3, toPerSec: 271 },
    1546,
    '2f44450f20d9459ef3acbeceda447e812fc6760ba4793279cd8584983261771e',
  ],
  [
    'steps',
    poisson,
    { kind: 'steps', ratesPerSec: [10, 111.1, 40] },
    540,
    'f810517339cc238008ffd3a176c856de8cb0554a2fb8da2b7ea0e98fb23b942d',
  ],
  [
    'spikes, poisson',
    poisson,
    spikes,
    991,
    '4fa56a62b8fa25defb8762c23ffc3b8ac1db39581f75e2ee3be8a1c8aede9fd5',
  ],
  ['spikes, mmpp', mmpp, spikes, 1973, 'ea8936798b22ba1dadfd82788533f6d20558af4a6e8d10295292ee39c743117b'],
  [
    'a burst, uniform',
    uniform,
    burst,
    650,
    'ea83dad7365ea4329afd77a2939efcd0f694df01a62e5c5284209f49f76e436d',
  ],
  [
    'a burst, poisson',
    poisson,
    burst,
    643,
    '335bbffc30c95ee4f8f085d214e9699e6393760e4a8fe9a4a53406a712942972',
  ],
  ['a sync', poisson, sync, 303, 'dcf233b6b9964324538d97a9e3f87ebe5d453b642845de5fa9eba32dccb86d19'],
  ['a replay', poisson, replay, 4, '0ed3f64ad7f3b00a985100bb52f2d8d405cd14b34a4aad34ca66f69abf967350'],
  [
    'closed clients',
    poisson,
    { kind: 'closed', clients: 5, think },
    0,
    '9b1e4395fd1c6b33caba28fdbd8fa1b6a1269c895ac3c6185c0c67de7393556c',
  ],
];

describe('the hash of a schedule is what it always was', () => {
  it.each(golden)('%s', (_, arrivals, shape, count, hash) => {
    const phase: Phase = { ...shaped('phase', 10_000, shape), arrivals };
    const schedule = makeSchedule({ seed: 42, requests, traffic: { phases: [phase] } });
    expect([schedule.count, hashSchedule(schedule, requests, [phase])]).toEqual([count, hash]);
  });
});
