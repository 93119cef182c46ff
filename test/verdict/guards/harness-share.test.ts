import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../../src/evidence/attempt.ts';
import { harnessSharesOf } from '../../../src/verdict/facts/requests/harness-shares.ts';
import { checkShares } from '../../../src/verdict/guards/v16-harness-share.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { attempt } from '../../evidence/given.ts';
import { makeEvidence } from '../support/evidence-builder.ts';

const limits = { emulated: true, epsMs: 100 };

/** So many attempts in a second, each sent `lateMs` late, with `ownMs` in the emulator. */
const second = (at: number, count: number, ownMs: number, lateMs = 0): Attempt[] =>
  Array.from({ length: count }, (_, index) => {
    const intendedUs = at * 1e6 + Math.floor((index * 1e6) / count);
    return attempt({ intendedUs, sentUs: intendedUs + lateMs * 1000, ownUs: ownMs * 1000 });
  });

const checked = (attempts: readonly Attempt[]) =>
  checkShares({ ...harnessSharesOf({ attempts }), ...limits });

describe('V16 harness share', () => {
  test.each([
    ['an emulator that is fast', second(0, 1000, 1), true],
    ['exactly half of the allowance', second(0, 1000, 50), true],
    ['more than half of the allowance', second(0, 1000, 51), false],
    ['lateness counts as well', second(0, 1000, 30, 30), false],
    ['one attempt in twenty', [...second(0, 950, 1), ...second(1, 50, 400)], true],
    ['more than one in twenty', [...second(0, 949, 1), ...second(1, 51, 400)], false],
    [
      'one second of a long run, whole',
      [...second(0, 200, 51), ...Array.from({ length: 100 }, (_, at) => second(at + 1, 500, 1)).flat()],
      false,
    ],
    [
      'a few attempts of one second, in which instances start',
      [
        ...second(0, 40, 400),
        ...second(0, 160, 1),
        ...Array.from({ length: 100 }, (_, at) => second(at + 1, 500, 1)).flat(),
      ],
      true,
    ],
    [
      'one attempt of a calm second',
      [...second(0, 99, 1), ...second(1, 1, 200)].concat(second(2, 900, 1)),
      true,
    ],
  ])('%s', (_, attempts, ok) => {
    expect(checked(attempts).ok).toBe(ok);
  });

  test('says which second it was, and by how much a latency may be shifted', () => {
    const guard = checked([...second(3, 1000, 1), ...second(7, 500, 240)]);
    expect(guard.reason).toContain('median 240 ms in the second from 7 s on');
    expect(guard.disturbanceMs).toBe(240);
  });

  test('where nothing tells it, it holds and says so', () => {
    const untold = checkShares({ ...harnessSharesOf({ attempts: [attempt()] }), ...limits, emulated: false });
    expect(untold).toMatchObject({ ok: true, value: null, disturbanceMs: null });
    expect(untold.reason).toContain('no emulator');
  });
});

test('a latency that the emulator made is no failure of the service', () => {
  const evidence = makeEvidence();
  const stalled = {
    ...evidence,
    attempts: evidence.attempts.map((one) => ({ ...one, ownUs: one.phase === 'burst' ? 400_000 : 500 })),
  };
  const { bounds, validity } = judge(stalled);
  expect(validity.find(({ id }) => id === 'V16')?.ok).toBe(false);
  expect(bounds.find(({ id }) => id === 'B11')?.status).not.toBe('PASS');
});
