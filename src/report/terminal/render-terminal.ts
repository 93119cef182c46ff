import { Chalk, type ChalkInstance } from 'chalk';
import type { Summary } from '../../verdict/summary/summary.ts';
import {
  amount,
  failingFirst,
  headlineOf,
  markedExercise,
  milestone,
  momentWords,
  plainLine,
  provenanceMarks,
  runClock,
  statusMarks,
} from '../words.ts';
import { retryWords } from '../load-words.ts';
import { evidenceLines } from './evidence-lines.ts';
import { fill } from './fill.ts';
import { incidentLines } from './incident-lines.ts';
import { poolerLines } from './pooler-lines.ts';

type BoundSummary = Summary['bounds'][number];

/** How it may look: with colour or without, and how many columns wide. */
export interface Look {
  readonly color: boolean;
  readonly width: number;
}

/** How many broken bounds get lines of their own; the rest are named. */
const maxDetailed = 3;

/** How many INCONCLUSIVE bounds get their reason printed, fewer where something is broken; the others are only named. */
const maxCauses = { beside: 1, alone: 3 } as const;

/** The end of a run in at most 25 lines: what was broken, whether to believe it, and what to do first. */
export function renderTerminal(summary: Summary, look: Look): string {
  // The level is given, not guessed: whoever calls knows whether this goes to a terminal.
  const paint = new Chalk({ level: look.color ? 1 : 0 });
  const lines = [
    ...verdictLines(summary, look, paint),
    ...boundLines(summary, look, paint),
    ...evidenceLines(summary, look.width, paint),
    ...poolerLines(summary, look.width),
    ...changeLines(summary, look),
    ...incidentLines(summary, look.width),
    ...leverLines(summary, look, paint),
    ...legendLine(summary, look),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictLines(summary: Summary, { width }: Look, paint: ChalkInstance): readonly string[] {
  const { verdict, answers } = summary;
  const said = markedExercise(summary)
    .map(({ text, provenance }) => `${text} ${provenanceMarks[provenance]}`)
    .join('');
  const title = `${verdict}  ${plainLine(summary.name)}: ${plainLine(headlineOf(summary))}`;
  const [first = '', ...rest] = fill(title, { width, indent: 2, most: 3 });
  const color = verdictColor(verdict, paint);
  return [
    `${color.bold(first.slice(0, verdict.length))}${first.slice(verdict.length)}`,
    ...rest,
    ...fill(`bounded: ${answers.bounded} · fast-failing: ${answers.fast_failing} · ${plainLine(said)}`, {
      width,
      indent: 2,
      hang: 2,
      most: 2,
    }),
  ];
}

function boundLines(summary: Summary, { width }: Look, paint: ChalkInstance): readonly string[] {
  const ordered = failingFirst(summary.bounds);
  const having = (...wanted: readonly BoundSummary['status'][]): readonly BoundSummary[] =>
    ordered.filter(({ status }) => wanted.includes(status));
  const broken = having('FAIL');
  // Rollouts, faults, retries and incidents have lines of their own: the whole still fits.
  const hasMore = summary.changes.length > 0 || retryWords(summary) !== null;
  const detailed = maxDetailed - (hasMore ? 1 : 0) - (summary.incident === null ? 0 : 1);
  const more = broken.slice(detailed).map(named);
  const held = having('PASS', 'PASS_SAMPLED').map(named);
  const none = having('NOT_APPLICABLE').map(named);
  const list = (lead: string, names: readonly string[], most: number): readonly string[] =>
    names.length === 0 ? [] : fill(`  ${lead} ${names.join(', ')}`, { width, indent: 4, most });
  return [
    ...broken.slice(0, detailed).flatMap((bound) => brokenBound(bound, width, paint)),
    ...tinted(list('✗ FAIL also:', more, 1), paint.red),
    ...openBounds(having('INCONCLUSIVE'), broken.length > 0 ? maxCauses.beside : maxCauses.alone, {
      width,
      paint,
    }),
    ...tinted(list('✓ held:', held, 2), paint.green),
    ...list('– not applicable:', none, 1),
  ];
}

/** Bounds that can't be judged, together where they lack the same evidence. */
function openBounds(
  bounds: readonly BoundSummary[],
  most: number,
  { width, paint }: { readonly width: number; readonly paint: ChalkInstance },
): readonly string[] {
  const causes = new Map<string, BoundSummary[]>();
  for (const bound of bounds) causes.set(bound.reason, [...(causes.get(bound.reason) ?? []), bound]);
  const groups = [...causes]
    .slice(0, most)
    .flatMap(([reason, together]) => [
      ...tinted(
        fill(`  ? INCONCLUSIVE ${together.map(named).join(', ')}`, { width, indent: 4, most: 1 }),
        paint.magenta,
      ),
      ...fill(`      ${plainLine(reason)}`, { width, indent: 6, most: 1 }),
    ]);
  const rest = [...causes.values()].slice(most).flat().map(named);
  return rest.length === 0
    ? groups
    : [...groups, ...fill(`  ? INCONCLUSIVE also: ${rest.join(', ')}`, { width, indent: 4, most: 1 })];
}

/** A broken bound: what, how much against which limit and since when; then why. */
function brokenBound(bound: BoundSummary, width: number, paint: ChalkInstance): readonly string[] {
  const { id, name, status, severity, value, limit, unit, provenance, first_violation: first } = bound;
  const soft = severity === 'soft' ? ' (soft)' : '';
  const measured =
    value === null
      ? ''
      : `: ${amount(value, unit)} ${provenanceMarks[provenance]}, limit ${amount(limit, unit)}`;
  const since = first === null ? '' : `; first at ${momentWords(first)}`;
  const head = plainLine(`${statusMarks[status]} ${status} ${id} ${name}${soft}${measured}${since}`);
  const color = severity === 'soft' ? paint.yellow : paint.red;
  return [
    ...tinted(fill(`  ${head}`, { width, indent: 4, most: 1 }), color),
    ...fill(`      ${plainLine(bound.reason)}`, { width, indent: 6, hang: 6, most: 1 }),
  ];
}

function named({ id, name, status, value, provenance }: BoundSummary): string {
  const mark = value === null ? '' : ` ${provenanceMarks[provenance]}`;
  return plainLine(`${id} ${name}${status === 'PASS_SAMPLED' ? ' (sampled)' : ''}${mark}`);
}

/** When the services were changed, on one line. */
function changeLines({ changes }: Summary, { width }: Look): readonly string[] {
  if (changes.length === 0) return [];
  const moments = changes.flatMap((change) => {
    const word = milestone(change);
    return word === null ? [] : [`${runClock(change.t_us)} ${plainLine(change.what)} ${word}`];
  });
  return fill(`changes ${provenanceMarks.emulated}: ${moments.join(' · ')}`, { width, indent: 2, most: 1 });
}

function leverLines({ diagnosis }: Summary, { width }: Look, paint: ChalkInstance): readonly string[] {
  const [first] = diagnosis;
  if (first === undefined) return [];
  const lever = fill(`first lever: ${plainLine(first.lever)} (${first.id}, ${first.confidence} confidence)`, {
    width,
    indent: 2,
    most: 2,
  });
  const why = first.evidence
    .slice(0, 1)
    .flatMap((line) => fill(`  ${plainLine(line)}`, { width, indent: 2, hang: 2, most: 1 }));
  return [...tinted(lever, paint.bold), ...why];
}

function legendLine({ provenance: { profile } }: Summary, { width }: Look): readonly string[] {
  const rules = profile === null ? '' : ` (profile ${profile}, uncalibrated)`;
  const text = `  ${provenanceMarks.observed} observed on this machine · ${provenanceMarks.emulated} emulated${rules}`;
  return fill(text, { width, indent: 2, hang: 2, most: 1 });
}

function tinted(lines: readonly string[], color: ChalkInstance): readonly string[] {
  return lines.map((line) => color(line));
}

function verdictColor(verdict: Summary['verdict'], paint: ChalkInstance): ChalkInstance {
  if (verdict === 'PASS') return paint.green;
  if (verdict === 'DEGRADED') return paint.yellow;
  return verdict === 'FAIL' ? paint.red : paint.magenta;
}
