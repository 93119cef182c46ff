import { visible } from '../base/visible.ts';
import { formatMs, trim } from '../base/units.ts';
import type { Summary } from '../verdict/summary/summary.ts';

type BoundSummary = Summary['bounds'][number];
type Moment = NonNullable<BoundSummary['first_violation']>;

/** Every status in words: colour alone tells nothing to some readers. */
export const statusWords = {
  FAIL: 'FAIL',
  INCONCLUSIVE: 'INCONCLUSIVE',
  PASS_SAMPLED: 'PASS (sampled)',
  PASS: 'PASS',
  NOT_APPLICABLE: 'not applicable',
} as const satisfies Record<BoundSummary['status'], string>;

/** One mark for each status, the same on every surface. */
export const statusMarks = {
  FAIL: '✗',
  INCONCLUSIVE: '?',
  PASS_SAMPLED: '✓',
  PASS: '✓',
  NOT_APPLICABLE: '–',
} as const satisfies Record<BoundSummary['status'], string>;

export type Provenance = BoundSummary['provenance'];

/** Beside each number: whether it really happened on this machine, or the platform's emulator had a hand in it. */
export const provenanceMarks = { observed: '●', emulated: '○' } as const satisfies Record<Provenance, string>;

/** What the marks mean, in one line. */
export function provenanceLegend({ provenance: { calibration } }: Summary): string {
  return `${provenanceMarks.observed} observed on this machine · ${provenanceMarks.emulated} emulated (${calibration})`;
}

/** How hard the run pressed, with the mark of each part: how many instances there were is the platform's. */
export function markedExercise({
  exercise: { statement, peak_instances: peak },
  provenance: { sections },
}: Summary): readonly { readonly text: string; readonly provenance: Provenance }[] {
  const fleet = `, up to ${peak} instances alive`;
  if (!statement.endsWith(fleet)) return [{ text: statement, provenance: sections.exercise }];
  return [
    { text: statement.slice(0, -fleet.length), provenance: sections.exercise },
    { text: fleet, provenance: sections.instances },
  ];
}

/** The states of a revision or a fault that are shown where there is little room. */
const milestones: Readonly<Record<string, string>> = {
  created: 'deploy',
  serving: 'serving',
  failed: 'failed',
  started: 'started',
  undone: 'undone',
};

/** The word for a change that is a milestone; null for the steps between, and for orders that revisions show by themselves. */
export function milestone({ kind, what, state }: Summary['changes'][number]): string | null {
  if (kind === 'fault' && what.startsWith('revision.') && state !== 'failed') return null;
  return milestones[state] ?? null;
}

/** A change of a service in one line: `0:25.4 api-00002 serving: 100 % of the traffic`. */
export function changeWords({ t_us, what, state, detail }: Summary['changes'][number]): string {
  return `${runClock(t_us)} ${what} ${state}${detail === '' ? '' : `: ${detail}`}`;
}

/** What each verdict says of the run, for readers who see it for the first time. */
export const verdictWords = {
  PASS: 'every hard bound held',
  DEGRADED: 'every hard bound held, a soft one did not',
  FAIL: 'a hard bound was broken',
  INCONCLUSIVE: 'the evidence is not good enough to tell',
  ABORTED: 'stopped by a safety condition',
  INTERRUPTED: 'stopped before its end',
} as const satisfies Record<Summary['verdict'], string>;

const statusOrder: readonly BoundSummary['status'][] = [
  'FAIL',
  'INCONCLUSIVE',
  'PASS_SAMPLED',
  'PASS',
  'NOT_APPLICABLE',
];

/** The bounds as a reader needs them: broken first, hard before soft, the contract's before one's own, then by id. */
export function failingFirst(bounds: readonly BoundSummary[]): readonly BoundSummary[] {
  const rank = (bound: BoundSummary): number =>
    4 * statusOrder.indexOf(bound.status) +
    (bound.severity === 'hard' ? 0 : 2) +
    (bound.id.startsWith('A') ? 1 : 0);
  return [...bounds].sort((a, b) => rank(a) - rank(b) || compareText(a.id, b.id));
}

/** Order by code unit: the same on every machine, whatever its locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Time since the run's origin as `m:ss.d`. */
export function runClock(tUs: number): string {
  const tenths = Math.round(Math.abs(tUs) / 100_000);
  const seconds = Math.floor(tenths / 10);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}.${tenths % 10}`;
  return tUs < 0 && tenths > 0 ? `-${clock}` : clock;
}

/** `0:25.4 (burst +0.4 s)`. */
export function momentWords(moment: Moment): string {
  const phase = moment.phase === null ? '' : ` (${moment.phase} +${formatMs(moment.offset_ms)})`;
  return `${runClock(moment.t_us)}${phase}`;
}

/** A count with thousands parted: 12,345. */
export function grouped(value: number): string {
  const [whole = '', fraction] = trim(value, 2).split('.');
  const parted = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? parted : `${parted}.${fraction}`;
}

/** A share as a percentage that is never rounded up to a round 100 % or down to a round 0 %. */
export function percent(share: number): string {
  if (share > 0.999 && share < 1) return '> 99.9 %';
  if (share > 0 && share < 0.001) return '< 0.1 %';
  return `${trim(share * 100, 1)} %`;
}

/** A value with its unit; a dash where there is none. */
export function amount(value: number | null, unit: string): string {
  if (value === null) return '–';
  if (unit === 'ms') return formatMs(value);
  if (unit === 'ratio') return value <= 1 ? percent(value) : `${trim(value, 2)}×`;
  if (unit === 'per_sec') return `${grouped(value)}/s`;
  if (unit === 'count' || unit === '') return grouped(value);
  return `${grouped(value)} ${unit}`;
}

/** The headline without the verdict's own word in front, where another surface shows that word already. */
export function headlineOf(summary: Summary): string {
  const { headline, verdict } = summary;
  if (!headline.startsWith(verdict)) return headline;
  return headline.slice(verdict.length).replace(/^[\s:—–-]+/, '') || headline;
}

/** One line of text without control characters, so that no name or message can steer a terminal or break a line. */
export function plainLine(text: string): string {
  return visible(text.replaceAll(/[\t\n\r\p{Zl}\p{Zp}]+/gu, ' ')).trim();
}
