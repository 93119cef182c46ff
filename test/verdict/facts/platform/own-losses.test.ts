import { describe, expect, test } from 'vitest';
import type { FaultEvent, LogEvent, LossEvent, RunEvent } from '../../../../src/evidence/event.ts';
import { claimSteady } from '../../../../src/verdict/bounds/b01-claim-steady.ts';
import { noRefusals } from '../../../../src/verdict/bounds/b05-no-53300.ts';
import { applyOwnLosses } from '../../../../src/verdict/bounds/losses.ts';
import { result } from '../../../../src/verdict/bounds/shared/result.ts';
import { ownLossesIn } from '../../../../src/verdict/facts/platform/own-losses.ts';
import { judge } from '../../../../src/verdict/judge.ts';
import { makeEvidence } from '../../support/evidence-builder.ts';

const { run } = makeEvidence();
const startUs = run.load_start_us ?? 0;
const deadlineUs = run.client.deadline_ms * 1000;

const loss = (fromMs: number, toMs: number, of: LossEvent['of'] = 'emulator'): LossEvent => ({
  kind: 'loss',
  of,
  how: 'gone',
  from_us: startUs + 1000 * fromMs,
  t_us: startUs + 1000 * toMs,
  detail: 'killed',
});

const ended = (atMs: number): LogEvent => ({
  t_us: startUs + 1000 * atMs,
  kind: 'log',
  what: 'error',
  severity: 'FATAL',
  sqlstate: '57P01',
  pid: 1,
  port: 1,
  role: 'api',
  database: 'api',
  application_name: null,
  message: 'terminating connection due to administrator command',
});

const fault = (name: string, state: FaultEvent['state'], atMs: number): FaultEvent => ({
  t_us: startUs + 1000 * atMs,
  kind: 'fault',
  id: '1',
  fault: name,
  service: 'api',
  state,
  detail: '',
});

const lossesOf = (events: readonly RunEvent[]) => ownLossesIn({ run, events });

describe('what was lost', () => {
  test('a loss is felt until the deadline of those who waited', () => {
    expect(lossesOf([loss(3000, 5000)])).toEqual([
      {
        of: 'emulator',
        fromUs: startUs + 3e6,
        toUs: startUs + 5e6 + deadlineUs,
        words: expect.stringMatching(/^the emulator was gone from /) as string,
      },
    ]);
  });

  test('a server of our own that ends sessions which no fault was to end', () => {
    expect(lossesOf([ended(4000), ended(6000)])).toMatchObject([
      { of: 'server', fromUs: startUs + 3e6, toUs: startUs + 6e6 + deadlineUs },
    ]);
  });

  test('no loss: sessions that a fault ends, a foreign server, the end of the run', () => {
    const wanted = [fault('db.terminate', 'started', 3900), fault('db.terminate', 'confirmed', 4200)];
    expect(lossesOf([...wanted, ended(4000)])).toEqual([]);
    const foreign = { ...run, postgres: { ...run.postgres, kind: 'url' as const } };
    expect(ownLossesIn({ run: foreign, events: [ended(4000)] })).toEqual([]);
    const end = { t_us: startUs + 3e6, kind: 'mark', name: 'load_end' } as const;
    expect(lossesOf([end, ended(4000)])).toEqual([]);
  });
});

describe('what is left of a result', () => {
  const losses = lossesOf([loss(10_000, 12_000)]);
  const failAt = (ms: number) =>
    result({
      status: 'FAIL',
      unit: 'count',
      reason: 'broken',
      witness: { fromUs: startUs + 1000 * ms, toUs: startUs + 1000 * ms, what: 'it was' },
    });
  const pass = result({ status: 'PASS', unit: 'count', reason: 'clean' });

  test('a FAIL stands before a loss, and once it can not be felt any more', () => {
    expect(applyOwnLosses(claimSteady, failAt(9_000), losses).status).toBe('FAIL');
    expect(applyOwnLosses(claimSteady, failAt(11_000), losses).status).toBe('INCONCLUSIVE');
    expect(applyOwnLosses(claimSteady, failAt(12_000 + deadlineUs / 1000 + 1), losses).status).toBe('FAIL');
  });

  test('a PASS did not see that time, and says which', () => {
    expect(applyOwnLosses(claimSteady, pass, losses)).toMatchObject({
      status: 'INCONCLUSIVE',
      reason: expect.stringMatching(
        /the emulator was gone .*no doing of the service; otherwise: clean/,
      ) as string,
    });
  });

  test('without attempts a refusal is still a refusal', () => {
    const generator = lossesOf([loss(10_000, 12_000, 'generator')]);
    expect(applyOwnLosses(noRefusals, failAt(11_000), generator).status).toBe('FAIL');
    expect(applyOwnLosses(noRefusals, failAt(11_000), losses).status).toBe('INCONCLUSIVE');
  });
});

test('no service is to blame for what it answers while the emulator is gone', () => {
  const endAt = (ms: number) =>
    ({
      outcome: ms > 8000 && ms < 9000 ? 'conn_error' : 'ok',
      tookMs: ms > 8000 && ms < 9000 ? 8000 : 20,
    }) as const;
  const failing = (events: readonly RunEvent[]): readonly string[] => {
    const evidence = makeEvidence({ endAt });
    const all = [...evidence.events, ...events].sort((a, b) => a.t_us - b.t_us);
    return judge({ ...evidence, events: all })
      .bounds.filter(({ status }) => status === 'FAIL')
      .map(({ id }) => id);
  };
  const blamed = failing([]).filter((id) => !failing([loss(7_900, 9_100)]).includes(id));
  expect(blamed).toEqual(expect.arrayContaining(['B11', 'B12']));
});
