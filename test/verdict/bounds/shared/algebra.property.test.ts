import { claimSteady } from '../../../../src/verdict/bounds/b01-claim-steady.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countAt, peakOf, stepsOf } from '../../../../src/evidence/sessions/steps.ts';
import {
  allOf,
  applyGuards,
  isPass,
  overall,
  type ThreeValued,
} from '../../../../src/verdict/bounds/algebra.ts';
import type { BoundResult } from '../../../../src/verdict/bounds/shared/bound.ts';
import { judgeClaim, type ClaimInput } from '../../../../src/verdict/bounds/shared/claim.ts';
import { judgeHeadroom } from '../../../../src/verdict/bounds/b03-headroom.ts';
import { judgeRefusals } from '../../../../src/verdict/bounds/b05-no-53300.ts';
import { judgeInstanceCap } from '../../../../src/verdict/bounds/b06-instance-cap.ts';
import { judgeRequestTimeout } from '../../../../src/verdict/bounds/b12-request-timeout.ts';
import { result } from '../../../../src/verdict/bounds/shared/result.ts';
import { coverageNeed } from '../../../../src/verdict/facts/sessions/coverage.ts';
import { lowSteps, type SeenBackend } from '../../../../src/verdict/facts/sessions/low-steps.ts';

const everyUs = 200_000;
const window = { fromUs: 0, toUs: 10_000_000 };
const need = coverageNeed({ everyMs: 200, acquireMs: 1000, tauCloseMs: 500 });
const claim = 5;

const counts = fc.array(fc.nat(9), { minLength: 51, maxLength: 51 });
/** Mostly within the claim: of wild counts hardly any is a PASS to begin with. */
const calm = fc.array(fc.constantFrom(1, 2, 3, 4, 5, 6), { minLength: 51, maxLength: 51 });
const mask = fc.array(fc.boolean(), { minLength: 51, maxLength: 51 });

function counted(values: readonly number[], kept?: readonly boolean[]): ClaimInput['seen'] {
  const samples = values
    .map((count, index) => ({ tUs: index * everyUs, count }))
    .filter((_, index) => kept?.[index] ?? true);
  return { kind: 'counts', samples };
}

function claimResult(seen: ClaimInput['seen'], limit = claim, shiftUs = 0): BoundResult {
  return judgeClaim({
    seen,
    uppers: [],
    claim: limit,
    replacementsAt: () => 2,
    tauCloseUs: 500_000,
    everyUs,
    window: { fromUs: window.fromUs + shiftUs, toUs: window.toUs + shiftUs },
    need,
  });
}

function headroomResult(values: readonly number[], kept?: readonly boolean[], headroom = 4): BoundResult {
  return judgeHeadroom({
    headroom,
    usable: 10,
    samples: values
      .map((used, index) => ({ tUs: index * everyUs, used, own: 0 }))
      .filter((_, index) => kept?.[index] ?? true),
    exact: null,
    exactIsAll: false,
    uppers: [],
    window,
    need,
  });
}

/** Backends that lived from one moment to another, each seen under one identity. */
const lives = fc.array(
  fc
    .tuple(fc.nat(9_000), fc.integer({ min: 1, max: 5_000 }))
    .map(([from, lasting]) => ({ fromUs: 1000 * from, toUs: 1000 * (from + lasting) })),
  { maxLength: 14 },
);

function identified(
  all: readonly { readonly fromUs: number; readonly toUs: number }[],
  times: readonly number[],
): { readonly tUs: number; readonly backends: readonly SeenBackend[] }[] {
  return times.map((tUs) => ({
    tUs,
    backends: all.flatMap(({ fromUs, toUs }, pid) =>
      fromUs <= tUs && tUs < toUs ? [{ pid, startUs: fromUs }] : [],
    ),
  }));
}

const grid = Array.from({ length: 51 }, (_, index) => index * everyUs);

describe('L1: a witness beats poor coverage', () => {
  test('an excess that was seen is a FAIL however little else was', () => {
    fc.assert(
      fc.property(mask, (kept) => {
        const values = kept.map((_, index) => (index >= 20 && index < 26 ? 9 : 1));
        const seen = kept.map((keep, index) => (index >= 20 && index < 26 ? true : keep));
        expect(claimResult(counted(values, seen)).status).toBe('FAIL');
        expect(headroomResult(values, seen).status).toBe('FAIL');
      }),
    );
  });
});

describe('L2: losing samples never turns a PASS into a FAIL', () => {
  test('of the claim, by counts', () => {
    fc.assert(
      fc.property(calm, mask, (values, kept) => {
        fc.pre(claimResult(counted(values)).status !== 'FAIL');
        expect(claimResult(counted(values, kept)).status).not.toBe('FAIL');
      }),
      { numRuns: 500 },
    );
  });

  test('of the claim, by identities', () => {
    fc.assert(
      fc.property(lives, mask, (all, kept) => {
        const samples = identified(all, grid);
        fc.pre(claimResult({ kind: 'identities', samples }).status !== 'FAIL');
        const fewer = samples.filter((_, index) => kept[index]);
        expect(claimResult({ kind: 'identities', samples: fewer }).status).not.toBe('FAIL');
      }),
      { numRuns: 500 },
    );
  });

  test('of the headroom', () => {
    fc.assert(
      fc.property(calm, mask, (values, kept) => {
        fc.pre(headroomResult(values).status !== 'FAIL');
        expect(headroomResult(values, kept).status).not.toBe('FAIL');
      }),
    );
  });

  test('what is seen of backends is never more than there were', () => {
    fc.assert(
      fc.property(lives, mask, (all, kept) => {
        const low = lowSteps(
          identified(
            all,
            grid.filter((_, index) => kept[index]),
          ),
        );
        const truth = stepsOf(
          all.flatMap(({ fromUs, toUs }) => [
            { tUs: fromUs, delta: 1 },
            { tUs: toUs, delta: -1 },
          ]),
        );
        for (const { tUs, count } of low) {
          const alive = all.filter(({ fromUs, toUs }) => fromUs <= tUs && tUs < toUs).length;
          expect(count).toBeLessThanOrEqual(alive);
        }
        expect(low.length).toBeLessThanOrEqual(truth.length);
      }),
    );
  });
});

test('a pid that is given again is another backend', () => {
  const low = lowSteps([
    { tUs: 1, backends: [{ pid: 7, startUs: 0 }] },
    { tUs: 9, backends: [{ pid: 7, startUs: 8 }] },
  ]);
  expect(countAt(low, 1)).toBe(0);
  expect(peakOf(low, 2, 7)?.count).toBe(0);
  expect(peakOf(low, 8, 9)?.count).toBe(1);
});

describe('L3: absence needs coverage', () => {
  test('a hole longer than an excess must last is never a PASS', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 44 }), (hole) => {
        const kept = grid.map((_, index) => index <= hole || index > hole + 6);
        const values = grid.map(() => 1);
        expect(claimResult(counted(values, kept)).status).toBe('INCONCLUSIVE');
        expect(headroomResult(values, kept).status).toBe('INCONCLUSIVE');
      }),
    );
  });

  test('no evidence at all is never a PASS', () => {
    const none = { refusals: [], log: { complete: false, why: 'no log' } } as const;
    expect(claimResult(counted([])).status).toBe('INCONCLUSIVE');
    expect(headroomResult([]).status).toBe('INCONCLUSIVE');
    expect(judgeRefusals(none).status).toBe('INCONCLUSIVE');
    expect(judgeInstanceCap({ alive: null, limit: 3, window }).status).toBe('INCONCLUSIVE');
    expect(judgeRequestTimeout({ exchanges: [], endUs: 1, limitMs: 1, pendingMs: 0 }).status).toBe(
      'INCONCLUSIVE',
    );
  });
});

describe('L4: a tighter limit never turns a FAIL into a PASS', () => {
  test('of the claim', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 9 }), (values, limit) => {
        fc.pre(claimResult(counted(values), limit + 1).status === 'FAIL');
        expect(claimResult(counted(values), limit).status).toBe('FAIL');
      }),
    );
  });

  test('of the headroom', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 9 }), (values, headroom) => {
        fc.pre(headroomResult(values, undefined, headroom).status === 'FAIL');
        expect(headroomResult(values, undefined, headroom + 1).status).toBe('FAIL');
      }),
    );
  });
});

test('L5: a later start of everything changes no word', () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 0, max: 1_000_000_000 }), (values, shiftUs) => {
      const seen = counted(values);
      if (seen.kind !== 'counts') throw new Error('counted() gives counts');
      const later = {
        ...seen,
        samples: seen.samples.map(({ tUs, count }) => ({ tUs: tUs + shiftUs, count })),
      };
      const { witness, ...first } = claimResult(seen);
      const { witness: laterWitness, ...second } = claimResult(later, claim, shiftUs);
      expect(second).toEqual(first);
      expect(laterWitness?.fromUs).toBe(witness === null ? undefined : witness.fromUs + shiftUs);
    }),
  );
});

describe('a claim that is judged in parts', () => {
  const cut = fc.integer({ min: 1, max: 49 }).map((index) => index * everyUs);
  const part = (
    values: readonly number[],
    span: { fromUs: number; toUs: number },
    exact: boolean,
  ): BoundResult => {
    const samples = values.map((count, index) => ({ tUs: index * everyUs, count }));
    return judgeClaim({
      seen: exact ? { kind: 'exact', steps: samples } : { kind: 'counts', samples },
      uppers: [],
      claim,
      replacementsAt: () => 2,
      tauCloseUs: 500_000,
      everyUs,
      window,
      spans: [span],
      need,
    });
  };

  test('is broken in no part unless it is broken in the whole', () => {
    fc.assert(
      fc.property(fc.oneof(counts, calm), cut, fc.boolean(), (values, atUs, exact) => {
        fc.pre(part(values, window, exact).status !== 'FAIL');
        expect(part(values, { ...window, toUs: atUs }, exact).status).not.toBe('FAIL');
        expect(part(values, { ...window, fromUs: atUs }, exact).status).not.toBe('FAIL');
      }),
    );
  });

  test('is broken by nothing that lies outside of its part', () => {
    fc.assert(
      fc.property(counts, cut, fc.boolean(), (values, atUs, exact) => {
        const quiet = values.map((count, index) => (index * everyUs < atUs ? 1 : count));
        expect(part(quiet, { ...window, toUs: atUs }, exact).status).not.toBe('FAIL');
      }),
    );
  });
});

test('the witness of a FAIL is a FAIL by itself', () => {
  fc.assert(
    fc.property(counts, (values) => {
      const { status, witness } = claimResult(counted(values));
      fc.pre(status === 'FAIL');
      if (witness === null) throw new Error('a FAIL without a witness');
      const alone = grid
        .map((tUs, index) => ({ tUs, count: values[index]! }))
        .filter(({ tUs }) => tUs >= witness.fromUs && tUs <= witness.toUs);
      expect(claimResult({ kind: 'counts', samples: alone }).status).toBe('FAIL');
    }),
  );
});

const word = fc.constantFrom<ThreeValued>('yes', 'no', 'inconclusive');
const status = fc.constantFrom<BoundResult['status']>(
  'PASS',
  'PASS_SAMPLED',
  'FAIL',
  'INCONCLUSIVE',
  'NOT_APPLICABLE',
);
const some = fc.array(fc.tuple(status, fc.constantFrom<'hard' | 'soft'>('hard', 'soft'), fc.boolean()), {
  minLength: 1,
});

function judgedOf(
  all: readonly (readonly [BoundResult['status'], 'hard' | 'soft', boolean])[],
): Parameters<typeof overall>[0] {
  return all.map(([given, severity, required]) => ({
    bound: { ...claimSteady, required, needs: ['V01'] },
    result: result({ status: given, severity, unit: 'ms', reason: '' }),
  }));
}

describe('the three values', () => {
  test('learning more never takes back a yes or a no', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.nat(), word, (truths, at, learned) => {
        const index = at % truths.length;
        fc.pre(truths[index] === 'inconclusive');
        const before = allOf(truths);
        fc.pre(before !== 'inconclusive');
        expect(allOf(truths.with(index, learned))).toBe(before);
      }),
    );
  });

  test('the order of the bounds changes nothing', () => {
    fc.assert(
      fc.property(some, (all) => {
        expect(overall(judgedOf(all.toReversed()))).toBe(overall(judgedOf(all)));
      }),
    );
  });

  test('a PASS overall has no hard FAIL and nothing required left open', () => {
    fc.assert(
      fc.property(some, (all) => {
        fc.pre(overall(judgedOf(all)) === 'PASS');
        expect(all.some(([given, severity]) => given === 'FAIL' && severity === 'hard')).toBe(false);
        expect(all.some(([given, , required]) => given === 'INCONCLUSIVE' && required)).toBe(false);
        expect(all.some(([given]) => given === 'PASS' || given === 'PASS_SAMPLED')).toBe(true);
      }),
    );
  });
});

describe('a broken guard', () => {
  const broken = (disturbanceMs: number | null): Parameters<typeof applyGuards>[2] => [
    {
      id: 'V01',
      name: 'lag',
      provenance: 'observed',
      result: { ok: false, value: 1, limit: 0, unit: 'ms', reason: 'late', disturbanceMs },
    },
  ];
  const bound = { needs: ['V01'] } as const;
  const fail = result({ status: 'FAIL', unit: 'ms', value: 1500, limit: 1100, reason: 'slow' });

  test('takes every PASS and no FAIL, and is named', () => {
    fc.assert(
      fc.property(status, (given) => {
        const left = applyGuards(
          bound,
          result({ status: given, unit: 'ms', reason: 'as seen' }),
          broken(null),
        );
        expect(isPass(left)).toBe(false);
        if (given === 'FAIL' || given === 'NOT_APPLICABLE') expect(left.status).toBe(given);
        else expect(left.reason).toContain('V01 lag: late');
      }),
    );
  });

  test('takes a FAIL that is over its limit by no more than the harness was off', () => {
    expect(applyGuards(bound, fail, broken(400)).status).toBe('INCONCLUSIVE');
    expect(applyGuards(bound, fail, broken(399)).status).toBe('FAIL');
  });

  test('says nothing of a bound that does not need it', () => {
    expect(
      applyGuards({ needs: [] }, result({ status: 'PASS', unit: 'ms', reason: '' }), broken(null)).status,
    ).toBe('PASS');
  });
});
