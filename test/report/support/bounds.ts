import { bounds as allBounds } from '../../../src/verdict/bounds/bounds.ts';
import type { Summary } from '../../../src/verdict/summary/summary.ts';

type BoundSummary = Summary['bounds'][number];
type BareBound = Omit<BoundSummary, 'provenance'>;

const blank = {
  severity: 'hard',
  status: 'PASS',
  value: null,
  limit: null,
  unit: 'count',
  first_violation: null,
  witness: null,
  n: 1500,
  coverage: null,
  confidence: null,
} as const satisfies Partial<BoundSummary>;

/** The bounds of a run that stays inside its budget. */
export function safeBounds(peak: number): Summary['bounds'] {
  return withProvenance([
    {
      ...blank,
      id: 'B01',
      name: 'claim-steady',
      value: peak,
      limit: 20,
      unit: 'sessions',
      coverage: 1,
      reason: `at most ${peak} sessions, counted exactly by the links`,
    },
    {
      ...blank,
      id: 'B03',
      name: 'headroom',
      value: 77,
      limit: 30,
      unit: 'sessions',
      coverage: 1,
      reason: 'never fewer than 77 sessions were left for others',
    },
    {
      ...blank,
      id: 'B04',
      name: 'admin-canary',
      value: 9,
      limit: 1000,
      unit: 'ms',
      n: 75,
      reason: 'all 75 canaries connected, the slowest in 9 ms',
    },
    {
      ...blank,
      id: 'B05',
      name: 'no-53300',
      value: 0,
      limit: 0,
      reason: 'no refusal in link, log, canary or answer',
    },
    {
      ...blank,
      id: 'B06',
      name: 'instance-cap',
      value: 5,
      limit: 5,
      unit: 'instances',
      reason: '5 instances at most',
    },
    {
      ...blank,
      id: 'B11',
      name: 'failures-fast',
      value: 1021,
      limit: 1100,
      unit: 'ms',
      n: 1593,
      reason: 'the slowest of 1,593 refusals took 1.02 s',
    },
    {
      ...blank,
      id: 'B12',
      name: 'request-timeout',
      value: 1110,
      limit: 30_100,
      unit: 'ms',
      n: 5100,
      reason: 'the slowest of 5,100 attempts took 1.11 s',
    },
    {
      ...blank,
      id: 'B22',
      name: 'recovery',
      status: 'PASS_SAMPLED',
      value: 1200,
      limit: 40_000,
      unit: 'ms',
      reason: 'the last bad window ended 1.2 s after the burst',
    },
  ]);
}

/** The bounds of a run that took every slot. */
export function brokenBounds(loadStartUs: number, refused: number, peak: number): Summary['bounds'] {
  const moment = (offsetMs: number): BoundSummary['first_violation'] => ({
    t_us: loadStartUs + 20_000_000 + offsetMs * 1000,
    phase: 'burst',
    offset_ms: offsetMs,
  });
  const firstUs = loadStartUs + 20_000_000;
  return withProvenance([
    {
      ...blank,
      id: 'B01',
      name: 'claim-steady',
      value: peak,
      limit: 300,
      unit: 'sessions',
      coverage: 1,
      reason: `at most ${peak} sessions, counted exactly by the links`,
    },
    {
      ...blank,
      id: 'B03',
      name: 'headroom',
      status: 'FAIL',
      value: 0,
      limit: 30,
      unit: 'sessions',
      coverage: 1,
      reason: 'headroom of 30 was invaded for 31.4 s: 0 slots were left at worst',
      first_violation: moment(3912),
      witness: {
        from_us: firstUs + 3_912_000,
        to_us: firstUs + 35_312_000,
        what: `${peak} client backends of 97 usable left 0 free, 30 are promised`,
      },
    },
    {
      ...blank,
      id: 'B05',
      name: 'no-53300',
      status: 'FAIL',
      value: refused,
      limit: 0,
      reason: `Postgres refused ${refused} connections: sorry, too many clients already`,
      first_violation: moment(5490),
      witness: {
        from_us: firstUs + 5_490_000,
        to_us: firstUs + 5_490_000,
        what: 'FATAL 53300 on port 40098 from instance api-00001-10',
      },
    },
    {
      ...blank,
      id: 'B04',
      name: 'admin-canary',
      status: 'FAIL',
      value: null,
      limit: 1000,
      unit: 'ms',
      n: 75,
      reason: '9 of 75 canaries were refused with 53300',
      first_violation: moment(6100),
      witness: null,
    },
    {
      ...blank,
      id: 'B06',
      name: 'instance-cap',
      value: 14,
      limit: 30,
      unit: 'instances',
      reason: '14 instances at most',
    },
    {
      ...blank,
      id: 'B11',
      name: 'failures-fast',
      status: 'INCONCLUSIVE',
      value: 1490,
      limit: 1100,
      unit: 'ms',
      n: 1400,
      reason: '2 % of 1,400 failures took longer than 1.1 s: too few to tell',
    },
    {
      ...blank,
      id: 'B20',
      name: 'admitted-latency',
      severity: 'soft',
      status: 'FAIL',
      value: 2300,
      limit: 1400,
      unit: 'ms',
      reason: 'p99 of what was admitted is 2.3 s',
      first_violation: moment(4400),
    },
    {
      ...blank,
      id: 'B22',
      name: 'recovery',
      value: 3200,
      limit: 40_000,
      unit: 'ms',
      reason: 'the last bad window ended 3.2 s after the burst',
    },
    {
      ...blank,
      id: 'B23',
      name: 'rollout-drain',
      status: 'NOT_APPLICABLE',
      reason: 'no revision was deployed',
    },
  ]);
}

function withProvenance(bounds: readonly BareBound[]): Summary['bounds'] {
  return bounds.map((bound) => ({
    ...bound,
    provenance: allBounds.find((one) => one.id === bound.id)?.provenance ?? 'observed',
  }));
}
