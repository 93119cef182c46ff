import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf } from './plan.ts';
import { countBy, sendPlan, startTarget, type RunningTarget } from './target.ts';

let target: RunningTarget;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

/** One phase of half a second. */
function phase(shape: object): object {
  return { name: 'only', duration: '500ms', ...shape };
}

function one(shape: object, more: object = {}): object {
  return { ...more, phases: [phase(shape)] };
}

const bursty = { low: 0.1, high_for: '100ms', low_for: '200ms' };
const recorded = Array.from(
  { length: 60 },
  (_, index) => `${index / 40},${index % 3 === 0 ? 'write' : 'read'}`,
);

const shapes: Readonly<Record<string, object>> = {
  'evenly spaced': one({ rate: '200/s' }, { arrivals: 'uniform' }),
  'evenly spaced, slowly': one({ rate: '6/s' }, { arrivals: 'uniform' }),
  'evenly spaced, fast': one({ rate: '1500/s' }, { arrivals: 'uniform' }),
  poisson: one({ rate: '200/s' }, { arrivals: 'poisson' }),
  'poisson, fast': one({ rate: '1000/s' }, { arrivals: 'poisson' }),
  mmpp: one({ rate: '300/s' }, { arrivals: 'mmpp', mmpp: bursty }),
  'on and off': one({ rate: '200/s' }, { arrivals: 'mmpp', mmpp: { ...bursty, low: 0 } }),
  'a ramp up': one({ rate: '20/s', ramp_to: '500/s' }),
  'a ramp out of nothing': one({ rate: '0/s', ramp_to: '300/s' }),
  'a ramp down': one({ rate: '500/s', ramp_to: '0/s' }, { arrivals: 'uniform' }),
  steps: one({ steps: ['50/s', '400/s', '100/s', '0/s', '200/s'] }),
  spikes: one({ rate: '20/s', spikes: { peak: '800/s', width: '50ms', every: '200ms' } }),
  'a burst': one({ rate: '50/s', burst: { requests: 200, within: '100ms' } }),
  'a burst out of silence': one({ rate: '0/s', burst: { requests: 150, within: '1ms' } }),
  'all at once': one({ rate: '0/s', sync: { requests: 300 } }),
  'all at once, again and again': one({ rate: '40/s', sync: { requests: 60, every: '100ms' } }),
  'a replay': { phases: [{ name: 'only', duration: '1600ms', replay: { file: 'arrivals.csv' } }] },
  'a replay, faster': one({ replay: { file: 'arrivals.csv', speed: 4 } }),
  'phases of several shapes': {
    phases: [
      { name: 'calm', duration: '200ms', rate: '50/s', arrivals: 'uniform' },
      { name: 'silence', duration: '100ms', rate: '0/s' },
      {
        name: 'burst',
        duration: '200ms',
        rate: '100/s',
        burst: { requests: 50, within: '20ms' },
        stress: true,
      },
      { name: 'down', duration: '200ms', rate: '200/s', ramp_to: '10/s' },
    ],
  },
  'one request': { phases: [{ name: 'only', duration: '10ms', rate: '0/s', sync: { requests: 1 } }] },
};

/** A mix in which every request names its run and its arrival, and draws an id. */
function requestsOf(run: number): readonly object[] {
  const query = `run=${run}&n=\${seq}&id=\${uuid}`;
  return [
    { name: 'read', weight: 5, get: `/ok?${query}` },
    { name: 'write', weight: 2, post: `/ok?${query}`, json: { sku: '${uuid}' } },
    { name: 'refused', weight: 1, get: `/refusal?${query}` },
  ];
}

describe('what is planned is sent, as the target counts it', () => {
  it.concurrent.each(Object.entries(shapes).map(([name, traffic], run) => ({ name, traffic, run })))(
    '$name',
    async ({ traffic, run }) => {
      const files = { 'arrivals.csv': `${recorded.join('\n')}\n` };
      const plan = await planOf({ traffic, requests: requestsOf(run), files });
      const { load, attempts } = await sendPlan(target.url, plan);
      const { lanes } = await load.finished;
      const queries = (await target.seen())
        .map(({ url }) => new URL(url, target.url).searchParams)
        .filter((query) => query.get('run') === String(run));
      const planned = Array.from({ length: plan.arrivals.count }, (_, index) => index);
      const seen = queries.map((query) => Number(query.get('n'))).sort((a, b) => a - b);
      expect(seen).toEqual(planned);
      expect(new Set(queries.map((query) => query.get('id'))).size).toBe(planned.length);
      expect(attempts.map(({ arrival }) => arrival).sort((a, b) => a - b)).toEqual(planned);
      expect(lanes.reduce((sum, { sent }) => sum + sent, 0)).toBe(planned.length);
      const routes = Array.from(plan.arrivals.route, (route) => plan.scenario.requests[route]?.name ?? '');
      expect(countBy(attempts, ({ route }) => route)).toEqual(countBy(routes, (route) => route));
    },
  );
});

describe('clients that wait for their answers', () => {
  it('are as many as was said, and everything that they sent is on record', async () => {
    const traffic = { phases: [phase({ closed: { clients: 5, think: '10ms' } })] };
    const plan = await planOf({ traffic, requests: requestsOf(100) });
    const { load, attempts } = await sendPlan(target.url, plan);
    const { lanes } = await load.finished;
    const seen = (await target.seen()).filter(({ url }) => url.includes('run=100&'));
    expect(attempts).toHaveLength(seen.length);
    expect(lanes.reduce((sum, { sent }) => sum + sent, 0)).toBe(seen.length);
    // 5 clients, a pause of 10 ms each time: 50 rounds at most in half a second, and one that was under way.
    expect(seen.length).toBeGreaterThan(50);
    expect(seen.length).toBeLessThanOrEqual(5 * 51);
    expect(new Set(attempts.map(({ arrival }) => arrival)).size).toBe(seen.length);
  });
});
