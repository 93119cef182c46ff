import { formatMs } from '../../../base/units.ts';
import { runClock } from '../../words.ts';
import { mark } from '../provenance.ts';
import { html, trusted, type Markup } from '../template.ts';
import type { Chart, Limit, Mark, Series, Shape } from './chart.ts';
import { peakWords, rowUs, tableRows, valueWords } from './numbers.ts';
import { backdrop, changeLines, type Backdrop } from './backdrop.ts';
import { plotWidth } from './timeline.ts';

/** One chart of the stack as markup: its legend, its plot between axis and limit labels, and how to read it with its table. */
export function frame(chart: Chart, behind: Backdrop): Markup {
  return html`<section class="chart" id="chart-${chart.id}">
    <header>
      <h3>${chart.title} ${mark(chart.provenance)}</h3>
      <ul class="legend">
        ${chart.series.map(legendEntry)}
      </ul>
    </header>
    <div class="plot-row">${axis(chart)}${plot(chart, behind)}${gutter(chart)}</div>
    ${table(chart)}
  </section>`;
}

function legendEntry(series: Series): Markup {
  return html`<li>
    <svg class="key" width="14" height="10" aria-hidden="true">${key(series)}</svg
    ><span>${series.label}</span>
    <b class="value" data-rest="max ${peakWords(series)}">max ${peakWords(series)}</b>
  </li>`;
}

function key({ kind, tone }: Series): Markup {
  if (kind === 'area') return html`<rect class="area ${tone}" width="14" height="10" rx="2" />`;
  if (kind === 'line') return html`<path class="line ${tone}" d="M0 5H14" />`;
  if (kind === 'dots') return html`<path class="dots ${tone}" d="M3 5h0M11 5h0" />`;
  return html`<path class="mark-refused" d="M3 1h8l-4 8z" />`;
}

function axis({ scale, tick }: Chart): Markup {
  const labels = scale.ticks.map(
    (value) => html`<text x="100%" y="${scale.y(value)}" dy="0.32em">${tick(value)}</text>`,
  );
  return html`<svg class="axis" height="${scale.heightPx}" aria-hidden="true">${labels}</svg>`;
}

function plot(chart: Chart, behind: Backdrop): Markup {
  const { scale } = chart;
  const grid = scale.ticks.map(
    (value) => html`<line class="grid" x1="0" x2="100%" y1="${scale.y(value)}" y2="${scale.y(value)}" />`,
  );
  return html`<svg
    class="plot"
    data-chart="${chart.id}"
    height="${scale.heightPx}"
    role="img"
    aria-label="${inWords(chart)}"
  >
    ${backdrop(behind)}${grid}
    <svg
      class="shapes"
      width="100%"
      height="${scale.heightPx}"
      viewBox="0 0 ${plotWidth} ${scale.heightPx}"
      preserveAspectRatio="none"
    >
      ${chart.shapes.map(shape)}
    </svg>
    ${chart.limits.map((limit) => limitLine(limit, chart))}${changeLines(behind)}${behind.violations.map(({ at }) => html`<line class="violation" x1="${at}" x2="${at}" y1="0" y2="100%" />`)}
    ${chart.marks.map((mark) => markAt(mark, chart, behind))}
    <line class="cross" y1="0" y2="100%" />
  </svg>`;
}

function shape({ kind, tone, d }: Shape): Markup | null {
  return d === '' ? null : html`<path class="${kind} ${tone}" d="${trusted(d)}" />`;
}

function limitLine({ value, tone }: Limit, { scale }: Chart): Markup | null {
  if (value > scale.max) return null;
  return html`<line class="${tone}" x1="0" x2="100%" y1="${scale.y(value)}" y2="${scale.y(value)}" />`;
}

function markAt({ tUs, value, kind, title }: Mark, { scale }: Chart, { timeline }: Backdrop): Markup {
  const x = timeline.percent(tUs);
  if (kind === 'open')
    return html`<circle class="mark-open" cx="${x}" cy="${scale.y(value ?? 0)}" r="3.5"
      ><title>${title}</title></circle
    >`;
  return html`<svg x="${x}" y="0" overflow="visible">
    <path class="mark-refused" d="M-4 0h8l-4 7z"><title>${title}</title></path>
  </svg>`;
}

/** The labels of the limits, moved apart where they would touch. */
function gutter({ limits, scale }: Chart): Markup {
  const gapPx = 14;
  let lowest = scale.heightPx + gapPx;
  const labels = [...limits]
    .sort((a, b) => a.value - b.value)
    .map(({ label, value, tone }) => {
      const isBeyond = value > scale.max;
      lowest = Math.min(scale.y(value), lowest - gapPx);
      return html`<text class="label-${tone}" x="0" y="${lowest}" dy="0.32em"
        >${label}${isBeyond ? ' ↑' : ''}</text
      >`;
    });
  return html`<svg class="gutter" height="${scale.heightPx}" aria-hidden="true">${labels}</svg>`;
}

function table(chart: Chart): Markup {
  const rows = tableRows(chart).map(
    ({ fromUs, values }) =>
      html`<tr>
        <th scope="row">${runClock(Math.max(0, fromUs))}</th>
        ${values.map((value, index) => html`<td>${valueWords(value, chart.series[index]?.unit ?? 'count')}</td>`)}
      </tr> `,
  );
  return html`<details class="numbers">
    <summary>${chart.hint} <span class="as-table">As a table</span></summary>
    <p class="hint">
      Each row is ${formatMs(rowUs(chart) / 1000)} long. Rates are averages over it, all else is the highest
      in it.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">from</th>
            ${chart.series.map(({ label }) => html`<th scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </details>`;
}

function inWords({ title, series, limits }: Chart): string {
  const most = series.map((one) => `${one.label} ${peakWords(one)}`).join(', ');
  const against = limits.length === 0 ? '' : ` Limits: ${limits.map(({ label }) => label).join(', ')}.`;
  return `${title} over time. Highest: ${most}.${against}`;
}
