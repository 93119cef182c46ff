import type { Summary } from '../../../verdict/summary.ts';
import { momentWords } from '../../words.ts';
import { html, type Markup } from '../template.ts';
import type { Timeline } from './timeline.ts';

/** What stands behind every chart alike. */
export interface Backdrop {
  readonly timeline: Timeline;
  readonly violations: readonly Violation[];
}

/** The first moment at which a bound was broken. */
export interface Violation {
  readonly id: string;
  readonly tUs: number;
  /** As a share of the width. */
  readonly at: string;
  readonly title: string;
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
