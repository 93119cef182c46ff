import { loadWords } from '../../load-words.ts';
import { html, type Markup } from '../template.ts';
import { backdrop, type Backdrop, type ChangeMark, type Violation } from './backdrop.ts';
import { timeTicks, type Timeline } from './timeline.ts';

const rowPx = 16;

type Phase = Timeline['phases'][number];

/** The head of the stack, which stays in sight: phases, run clock, and where bounds were first broken. */
export function ruler(behind: Backdrop): Markup {
  const { timeline, violations, changes } = behind;
  const flags = staggered([...changes.map(changeFlag), ...violations.map(violationFlag)], timeline);
  const rows = flags.reduce((most, { row }) => Math.max(most, row + 1), 0);
  const heightPx = 2 * rowPx + 6 + rows * rowPx;
  return html`<div class="ruler plot-row">
    <span class="axis clock-label">run clock</span
    ><svg class="plot" height="${heightPx}" role="img" aria-label="Phases: ${phaseList(timeline)}">
      ${backdrop(behind)}${timeline.phases.map((phase) => phaseLabel(phase, timeline))}${clock(timeline, 2 * rowPx)}${flags.map(({ flag, row }) => flagAt(flag, 2 * rowPx + 4 + row * rowPx, heightPx))}
      <line class="cross" y1="0" y2="100%" />
      <text class="cross-time" y="${2 * rowPx - 4}"></text></svg
    ><span class="gutter"></span>
  </div>`;
}

/** The run clock alone, for the foot of the stack. */
export function foot(timeline: Timeline): Markup {
  return html`<div class="foot plot-row">
    <span class="axis"></span
    ><svg class="plot" height="${rowPx + 4}" aria-hidden="true">${clock(timeline, rowPx)}</svg
    ><span class="gutter"></span>
  </div>`;
}

/** A label says as much as fits: on a narrow screen the name alone, and nothing where not even that would. */
function phaseLabel(phase: Phase, timeline: Timeline): Markup {
  const { name, stress, from_us, to_us } = phase;
  const unitsPerLetter = 7;
  const narrowing = 3;
  const letters = (timeline.x(to_us) - timeline.x(from_us)) / unitsPerLetter;
  const rate = ` · ${loadWords(phase)}`;
  const more = `${stress ? ' · stress' : ''}${rate}`;
  const said = [more, rate, ''].find((one) => name.length + one.length < letters);
  if (said === undefined) return html`<title>${name}</title>`;
  const tone = `${stress ? ' stress' : ''}${name.length * narrowing < letters ? '' : ' wide-only'}`;
  return html`<text class="phase-name${tone}" x="${timeline.percent((from_us + to_us) / 2)}" y="12"
    >${name}<tspan class="phase-more wide-only">${said}</tspan></text
  >`;
}

function phaseList(timeline: Timeline): string {
  return timeline.phases
    .map((phase) => `${phase.name} at ${loadWords(phase)}${phase.stress ? ' (stress)' : ''}`)
    .join(', ');
}

function clock(timeline: Timeline, y: number): Markup {
  return html`${timeTicks(timeline).map(
    (tUs, index) =>
      html`<text class="tick${index % 2 === 0 ? '' : ' wide-only'}" x="${timeline.percent(tUs)}" y="${y - 4}"
        >${clockWords(tUs)}</text
      >`,
  )}`;
}

function clockWords(tUs: number): string {
  const seconds = Math.round(tUs / 1e6);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** What is written beside a line across the charts. */
interface Flag {
  readonly tone: 'violation' | 'change';
  readonly label: string;
  readonly tUs: number;
  readonly at: string;
  readonly title: string;
}

function violationFlag({ id, tUs, at, title }: Violation): Flag {
  return { tone: 'violation', label: id, tUs, at, title };
}

function changeFlag({ label, tUs, at, title }: ChangeMark): Flag {
  return { tone: 'change', label, tUs, at, title };
}

/** Gives every flag the first row in which it touches no other, reckoned for the narrowest screen. */
function staggered(
  flags: readonly Flag[],
  timeline: Timeline,
): readonly { readonly flag: Flag; readonly row: number }[] {
  const unitsPerLetter = 26;
  const taken: { readonly from: number; readonly to: number }[][] = [];
  return flags.map((flag) => {
    const x = timeline.x(flag.tUs);
    const width = Math.max(130, flag.label.length * unitsPerLetter);
    const span = isLate(flag) ? { from: x - width, to: x } : { from: x, to: x + width };
    const isFree = (row: readonly { readonly from: number; readonly to: number }[]): boolean =>
      row.every(({ from, to }) => span.to <= from || span.from >= to);
    const free = taken.findIndex(isFree);
    const row = free === -1 ? taken.length : free;
    (taken[row] ??= []).push(span);
    return { flag, row };
  });
}

/** Near the right edge the label stands to the left of its line. */
function isLate({ at, label }: Flag): boolean {
  return Number.parseFloat(at) > Math.min(90, 100 - 2.6 * label.length);
}

function flagAt(flag: Flag, y: number, heightPx: number): Markup {
  const { tone, label, at, title } = flag;
  return html`<g class="flag of-${tone}"
    ><title>${title}</title><line class="${tone}" x1="${at}" x2="${at}" y1="${y}" y2="${heightPx}" /><text
      x="${at}"
      y="${y + 11}"
      dx="${isLate(flag) ? -4 : 4}"
      text-anchor="${isLate(flag) ? 'end' : 'start'}"
      >${label}</text
    ></g
  >`;
}
