import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/evidence/event.ts';
import { makeAbortWatch, type AbortWatch } from '../../src/run/abort/abort-watch.ts';
import { parseCondition } from '../../src/scenario/conditions/parse-condition.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { scenarioOf } from '../plan/scenario.ts';

function watchOf(when: string, because: string | null = null): AbortWatch {
  const parsed = parseCondition(when);
  if (!parsed.ok) throw new Error(parsed.slip.message);
  const plan = makePlan({ ...scenarioOf(), abort: [{ condition: parsed.value, because }] });
  return makeAbortWatch(plan);
}

/** The reason, once it was met; nothing before. */
async function reason({ met }: AbortWatch): Promise<string | undefined> {
  return Promise.race([met, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
}

const session = (what: 'session' | 'close' | 'refused', port: number): RunEvent => ({
  kind: 'link',
  t_us: port,
  service: 'api',
  revision: 'r1',
  instance: 'i1',
  what,
  port,
  ...(what === 'close' ? { was_session: true } : {}),
});

const row = { source: 'sampler', service: 'api', state: 'active', count: 96, waitType: null } as const;

describe('a rule that ends a run', () => {
  test('is met when it was so in every second of its time, and not by a pause in between', async () => {
    const watch = watchOf('max(db.backends) >= 95% of server for 3s', 'the server is shared');
    const see = (count: number): void => watch.sample(0, [{ ...row, count } as never]);
    for (const count of [96, 96, 20, 96, 96]) {
      see(count);
      watch.look(1_000_000);
    }
    expect(await reason(watch)).toBeUndefined();
    see(97);
    watch.look(6_000_000);
    expect(await reason(watch)).toBe(
      'max(db.backends) >= 95% of server for 3s: it was 97 (the server is shared)',
    );
  });

  test('counts what goes on unchanged', async () => {
    const watch = watchOf('max(db.sessions) > 1 for 2s');
    watch.event(session('session', 1));
    watch.event(session('session', 2));
    watch.begin();
    watch.look(1_000_000);
    expect(await reason(watch)).toBeUndefined();
    watch.look(2_000_000);
    expect(await reason(watch)).toContain('it was 2');
  });

  test('is only looked at in its phase', async () => {
    const watch = watchOf('count(db.refused) > 0 in recovery');
    watch.event(session('refused', 1));
    watch.look(1_000_000);
    expect(await reason(watch)).toBeUndefined();
  });

  test('is not met by nothing', async () => {
    const watch = watchOf('ratio(http.attempts{outcome=ok}) < 50%');
    watch.look(1_000_000);
    expect(await reason(watch)).toBeUndefined();
  });
});
