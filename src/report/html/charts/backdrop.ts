import type { Summary } from '../../../verdict/summary/summary.ts';
import { changeWords, milestone, momentWords } from '../../words.ts';
import { html, type Markup } from '../template.ts';
import type { Timeline } from './timeline.ts';

/** What stands behind every chart alike. */
export interface Backdrop {
  readonly timeline: Timeline;
  readonly violations: readonly Violation[];
  readonly changes: readonly ChangeMark[];
}

/** The first moment at which a bound was broken. */
export interface Violation {
  readonly id: string;
  readonly tUs: number;
  /** As a share of the width. */
  readonly at: string;
  readonly title: string;
}

/** A moment at which a service was changed: a deployment, or a fault. */
export interface ChangeMark {
  readonly label: string;
  readonly tUs: number;
  /** As a share of the width. */
  readonly at: string;
  readonly title: string;
}

/** Rollouts and faults, in time order; the steps between their milestones are only in the table. */
export function changesOf(summary: Summary, timeline: Timeline): readonly ChangeMark[] {
  return summary.changes.flatMap((change) => {
    const { t_us: tUs, kind, what } = change;
    const word = milestone(change);
    if (word === null) return [];
    const fault = what.replace(/ \(.*/, '');
    const label = kind === 'revision' ? word : word === 'started' ? fault : `${fault} ${word}`;
    return [{ label, tUs, at: timeline.percent(tUs), title: changeWords(change) }];
  });
}

/** The moments of change across a chart. */
export function changeLines({ changes }: Backdrop): Markup {
  return html`${changes.map(({ at }) => html`<line class="change" x1="${at}" x2="${at}" y1="0" y2="100%" />`)}`;
}

/** The first violation of every bound that was broken, in time order. */
export function violationsOf(summary: Summary, timeline: Timeline): readonly Violation[] {
  return summary.bounds
    .flatMap(({ id, name, status, first_violation: first }) =>
      status === 'FAIL' && first !== null
        ? [
            {
              id,
              tUs: first.t_us,
              at: timeline.percent(first.t_us),
              title: `${id} ${name} first broken at ${momentWords(first)}`,
            },
          ]
        : [],
    )
    .sort((a, b) => a.tUs - b.tUs);
}

/** Phases as bands; the stressed ones are tinted. */
export function backdrop({ timeline }: Backdrop): Markup {
  return html`${timeline.phases.map(({ from_us, to_us, stress }) => {
    const width = `${Number.parseFloat(timeline.percent(to_us)) - Number.parseFloat(timeline.percent(from_us))}%`;
    return html`<rect
      class="band${stress ? ' stress' : ''}"
      x="${timeline.percent(from_us)}"
      y="0"
      width="${width}"
      height="100%"
    />`;
  })}`;
}
