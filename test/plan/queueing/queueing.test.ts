import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coldStart } from '../../../src/plan/queueing/cold-start.ts';
import {
  busySessions,
  lastPlaceWaitSec,
  layeredAmplification,
} from '../../../src/plan/queueing/elementary.ts';
import { erlangB, impatientQueue } from '../../../src/plan/queueing/mmcd.ts';
import { mmppDispersion, mmppMeanRate } from '../../../src/plan/queueing/mmpp.ts';

type Inputs = Readonly<Record<string, number>>;
type Outputs = Readonly<Record<string, number | null>>;

interface Vector {
  readonly id: string;
  readonly inputs: Inputs;
  readonly outputs: Outputs;
  readonly relTolerance: number;
}

const file = new URL('../../vectors/queueing.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };

/** What the plan computes of each family of vectors; the family is the id up to its first dash. */
const families: Readonly<Record<string, (given: Inputs) => Outputs>> = {
  LITTLE: ({ lambda_rps: rate = 0, hold_s: hold = 0 }) => ({ busyMean: busySessions(rate, hold) }),
  ERLB: ({ c = 0, a = 0 }) => ({ B: erlangB(c, a) }),
  MMCK: ({ c = 0, K = 0, mu = 0 }) => ({ maxMeanWait_s: lastPlaceWaitSec(c, K, mu) }),
  MMCD: ({ c = 0, lambda_rps = 0, mu = 0, tau_s = 0 }) => {
    const state = impatientQueue({
      servers: c,
      ratePerSec: lambda_rps,
      servicePerSec: mu,
      patienceSec: tau_s,
    });
    return {
      pWait: state.waits,
      pAbandon: state.timesOut,
      throughput: state.throughputPerSec,
      meanWaitServed: state.servedWaitSec,
      meanQueue: state.waiting,
      busyServers: state.busy,
      fluid_pAbandon: Math.max(0, 1 - (c * mu) / lambda_rps),
    };
  },
  COLD: (given) => {
    const { N = 0, C = 0, P = 0, W = 0, hold_s = 0, httpTime_s = 0, startup_s = 0, lambda_rps = 0 } = given;
    const capacity = Math.min((N * C) / httpTime_s, (N * W * P) / hold_s);
    const pendingLimitSec = Math.max(10, 3.5 * startup_s);
    const outlook = coldStart({
      ratePerSec: lambda_rps,
      durationSec: given.duration_s ?? 0,
      startupSec: startup_s,
      capacityPerSec: capacity,
      pendingLimitSec,
    });
    return {
      capacity_rps: capacity,
      pendingLimit_s: pendingLimitSec,
      firstRejectAt_s: outlook.firstRefusedSec,
      rejected: outlook.refused,
      rejectedFraction: outlook.refused / (lambda_rps * (given.duration_s ?? 0)),
      maxAdmittedWait_s: outlook.longestWaitSec,
    };
  },
  MMPP: ({ lambda1 = 0, lambda2 = 0, r1 = 0, r2 = 0 }) => {
    const states = { highPerSec: lambda1, lowPerSec: lambda2, leaveHighPerSec: r1, leaveLowPerSec: r2 };
    return { meanRate: mmppMeanRate(states), idcInf: mmppDispersion(states) };
  },
  RETRYLAYERS: ({ attemptsPerLayer = 0, layers = 0 }) => ({
    Amax: layeredAmplification(attemptsPerLayer, layers),
  }),
};

/** Families of the file that this room does not compute. */
const elsewhere = [
  ...['BUDGET', 'DERIVED', 'SHED'], // arithmetic of the contract
  ...['META', 'METASIM', 'RETRYBUDGET', 'RETRYTHROTTLE'], // at the clients' retries and what the plan says of them
  ...['ERLA', 'ERLC', 'PARTITION', 'KNEE', 'EARN', 'RETRY', 'AC'], // nothing predicts with them yet
  ...['QCI', 'QMIN', 'ZERO', 'RUNS', 'MWU', 'NI', 'SPRT', 'PBA', 'SAMPLER'], // statistics of verdicts
];

const familyOf = ({ id }: Vector): string => id.split('-')[0] ?? '';

describe('the queueing formulas', () => {
  const known = vectors.filter((vector) => familyOf(vector) in families);

  it.each(known.map((vector) => [vector.id, vector] as const))('agree with vector %s', (_, vector) => {
    const computed = families[familyOf(vector)]?.(vector.inputs) ?? {};
    expect(Object.keys(vector.outputs)).toEqual(expect.arrayContaining(Object.keys(computed)));
    for (const [name, value] of Object.entries(computed)) {
      const wanted = vector.outputs[name] ?? null;
      if (wanted === null) expect(value, name).toBeNull();
      else expect(Math.abs((value ?? NaN) - wanted), name).toBeLessThanOrEqual(tolerance(wanted, vector));
    }
  });

  it('leave no family of vectors out without naming it', () => {
    const named = new Set([...Object.keys(families), ...elsewhere]);
    expect(vectors.map(familyOf).filter((family) => !named.has(family))).toEqual([]);
  });
});

describe('a pool with an acquire timeout', () => {
  const pool = { servers: 4, servicePerSec: 20, patienceSec: 1 };

  it('turns away what exceeds its capacity when overloaded', () => {
    for (const ratePerSec of [160, 800, 8000]) {
      const { timesOut } = impatientQueue({ ...pool, ratePerSec });
      expect(timesOut).toBeCloseTo(1 - 80 / ratePerSec, 3);
    }
  });

  it('changes smoothly where the load meets the capacity', () => {
    const around = [80 - 1e-7, 80, 80 + 1e-7, 80 + 1e-3].map((ratePerSec) =>
      impatientQueue({ ...pool, ratePerSec }),
    );
    for (const { timesOut, servedWaitSec } of around) {
      expect(timesOut).toBeCloseTo(0.012017, 4);
      expect(servedWaitSec).toBeCloseTo(0.4865, 3);
    }
  });

  it('stays a number for huge and tiny pools', () => {
    for (const servers of [1, 40, 2000]) {
      for (const ratePerSec of [0.01, 100, 1e6]) {
        const state = impatientQueue({ servers, ratePerSec, servicePerSec: 20, patienceSec: 30 });
        expect(state.timesOut).toBeGreaterThanOrEqual(0);
        expect(state.timesOut).toBeLessThanOrEqual(1);
        expect(state.waits).toBeGreaterThanOrEqual(0);
        expect(state.servedWaitSec).toBeLessThanOrEqual(30);
      }
    }
  });
});

function tolerance(wanted: number, { relTolerance }: Vector): number {
  return wanted === 0 ? 1e-9 : Math.abs(wanted) * relTolerance;
}
