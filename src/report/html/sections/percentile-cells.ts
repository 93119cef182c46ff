import { formatMs } from '../../../base/units.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

type Percentiles = View['summary']['latency'][number]['response_ms'];

/** The heads above `percentileCells`. */
export const percentileHeads = html`<th scope="col" class="n">p50</th>
  <th scope="col" class="n">p90</th>
  <th scope="col" class="n">p99</th>
  <th scope="col" class="n">max</th>`;

/** Four cells of durations; dashes where nothing was measured. */
export function percentileCells(of: Percentiles | null): Markup {
  if (of === null) return html`${[0, 1, 2, 3].map(() => html`<td class="n muted">–</td>`)}`;
  return html`<td class="n">${formatMs(of.p50)}</td>
    <td class="n">${formatMs(of.p90)}</td>
    <td class="n">${of.p99 === null ? '–' : formatMs(of.p99)}</td>
    <td class="n">${formatMs(of.max)}</td>`;
}
