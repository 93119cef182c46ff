import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/evidence/event.ts';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import { judge } from '../../../src/verdict/judge.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';
import { makeEvidence, type Story } from '../support/evidence-builder.ts';

const originMs = 3000;

function guardOf(summary: Summary, id: string): Summary['validity'][number] {
  const found = summary.validity.find((guard) => guard.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

function changed(evidence: Evidence, kind: RunEvent['kind'], change: object): Evidence {
  return {
    ...evidence,
    events: evidence.events.map((event) => (event.kind === kind ? { ...event, ...change } : event)),
  };
}

const stall = (of: 'lane' | 'emulator' | 'observer', fromMs: number, toMs: number): Partial<Story> => ({
  happened: (at) => [{ kind: 'stall', t_us: at(toMs), of, from_us: at(fromMs) }],
});

describe('requests sent late', () => {
  /** As many in a row as `count`, each 300 ms late: more than a quarter of the acquire timeout. */
  const late = (count: number): Evidence => {
    const evidence = makeEvidence();
    return {
      ...evidence,
      attempts: evidence.attempts.map((one) =>
        one.arrival >= 400 && one.arrival < 400 + count
          ? { ...one, sentUs: one.intendedUs + 300_000, receivedUs: null, endedUs: one.intendedUs + 310_000 }
          : one,
      ),
    };
  };

  test('are set aside where they are few', () => {
    const summary = judge(late(5));
    expect(guardOf(summary, 'V01')).toMatchObject({ ok: true });
    expect(guardOf(summary, 'V01').reason).toMatch(/5 of 1500 attempts \(0\.3 %\) set aside$/);
    expect(summary.verdict).toBe('PASS');
  });

  test('leave nothing to judge where they are many', () => {
    const summary = judge(late(40));
    expect(guardOf(summary, 'V01')).toMatchObject({ ok: false });
    expect(guardOf(summary, 'V01').reason).toMatch(/of burst 6\.7 % \(limit 5 %\)$/);
    expect(summary.verdict).toBe('INCONCLUSIVE');
  });
});

describe('an event loop that was late', () => {
  test('matters no more once what it delayed is set aside', () => {
    const evidence = makeEvidence(stall('lane', 18_000, 18_120));
    expect(guardOf(judge(changed(evidence, 'generator', { loop_delay_p99_us: 25_000 })), 'V01').ok).toBe(
      true,
    );
  });

  test('matters where no lane says when', () => {
    const evidence = changed(makeEvidence(), 'generator', { loop_delay_p99_us: 25_000 });
    expect(guardOf(judge(evidence), 'V01').ok).toBe(false);
  });
});

describe('slow pings', () => {
  /** A hundred, the last two of 200 ms. */
  const pings = Array.from({ length: 100 }, (_, index) => ({
    from_us: 1000 * (originMs - 2000 + index),
    took_us: index < 98 ? 500 : 200_000,
  }));
  const pinged = (story: Partial<Story>): Summary =>
    judge(changed(makeEvidence(story), 'ping', { p99_us: 200_000, trips: pings }));

  test('are the path’s where nothing of ours stalled', () => {
    expect(guardOf(pinged({}), 'V04').ok).toBe(false);
  });

  test('are set aside where the emulator or whoever pings did', () => {
    expect(guardOf(pinged(stall('emulator', -1850, -1750)), 'V04')).toMatchObject({ ok: true, value: 0.5 });
    expect(guardOf(pinged(stall('observer', -1850, -1750)), 'V04').ok).toBe(true);
    expect(guardOf(pinged(stall('lane', -1850, -1750)), 'V04').ok).toBe(false);
  });
});

describe('a hole between samples', () => {
  const hole: Partial<Story> = { blindFrom: 30_100, blindTo: 30_900 };

  test('is set aside where the sampler itself could not run', () => {
    expect(guardOf(judge(makeEvidence(hole)), 'V03').ok).toBe(false);
    const slept = judge(makeEvidence({ ...hole, ...stall('observer', 30_100, 30_900) }));
    expect(guardOf(slept, 'V03').ok).toBe(true);
    expect(slept.verdict).toBe('PASS');
  });
});
