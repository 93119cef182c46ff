import { trim } from '../../../base/units.ts';
import { outcomes } from '../../../evidence/attempt.ts';
import { loadWords } from '../../load-words.ts';
import { grouped, percent, runClock } from '../../words.ts';
import { outcomeTone, outcomeWords } from '../charts/outcomes.ts';
import { mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';
import { percentileCells, percentileHeads } from './percentile-cells.ts';
import { requestTable } from './request-table.ts';

type Latency = View['summary']['latency'][number];

/**
 * What callers got, then how the attempts of each phase ended and how long they took: response time and service time
 * side by side.
 */
export function phaseDetails({ summary }: View): Markup {
  return html`<details class="card" id="phases">
    <summary><h2>Phases</h2></summary>
    <h3>Requests ${mark(summary.provenance.sections.goodput)}</h3>
    <p class="hint">
      What the callers got, whichever attempt brought it. Good: the first good answer came within the
      deadline. Times are those of the requests that got one, from when their first attempt was meant to be
      sent.
    </p>
    ${requestTable(summary)}
    <h3>Outcomes of attempts ${mark(summary.provenance.sections.outcomes)}</h3>
    ${outcomeTable(summary)}
    <h3>Latency of attempts ${mark(summary.provenance.sections.latency)}</h3>
    <p class="hint">
      Response time counts from the intended start, as a caller would have seen it; service time from the
      actual one. A p99 of fewer than 100 values would be a maximum: it is left out.
    </p>
    ${latencyTable(summary.latency)}
  </details>`;
}

const dispersionMeans =
  'Variance over mean of the planned arrivals a second: 1 for independent callers, more for bursts';

function outcomeTable({ phases, outcomes: byPhase }: View['summary']): Markup {
  const seen = outcomes.filter((outcome) => byPhase.some(({ counts }) => (counts[outcome] ?? 0) > 0));
  const isDispersed = phases.some(({ dispersion }) => dispersion !== null);
  const rows = phases.map((phase) => {
    const counts = byPhase.find((one) => one.phase === phase.name)?.counts ?? {};
    const total = seen.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
    return html`<tr>
      <th scope="row">${phase.name}${phase.stress ? html` <span class="tag">stress</span>` : null}</th>
      <td>${runClock(phase.from_us)}</td>
      <td class="n">${loadWords(phase)}</td>
      ${isDispersed ? html`<td class="n">${phase.dispersion === null ? '–' : trim(phase.dispersion, 1)}</td>` : null}
      <td class="n">${grouped(total)}</td>
      ${seen.map((outcome) => countCell(counts[outcome] ?? 0, total))}
    </tr>`;
  });
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col">From</th>
          <th scope="col" class="n">Rate</th>
          ${isDispersed ? html`<th scope="col" class="n" title="${dispersionMeans}">Dispersion</th>` : null}
          <th scope="col" class="n">Attempts</th>
          ${seen.map(
            (outcome) =>
              html`<th scope="col" class="n">
                <svg class="key" width="10" height="10" aria-hidden="true">
                  <rect class="area ${outcomeTone(outcome)}" width="10" height="10" rx="2" />
                </svg>
                ${outcomeWords(outcome)}
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function countCell(count: number, total: number): Markup {
  if (count === 0) return html`<td class="n muted">0</td>`;
  return html`<td class="n">
    ${grouped(count)} <span class="muted small">${percent(count / total)}</span>
  </td>`;
}

function latencyTable(latency: readonly Latency[]): Markup {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col" rowspan="2">Phase</th>
          <th scope="col" rowspan="2">Outcome</th>
          <th scope="col" rowspan="2" class="n">Count</th>
          <th scope="colgroup" colspan="4">Response time</th>
          <th scope="colgroup" colspan="4">Service time</th>
        </tr>
        <tr>
          ${percentileHeads}${percentileHeads}
        </tr>
      </thead>
      <tbody>
        ${latency.map(
          (one) =>
            html`<tr>
              <th scope="row">${one.phase}</th>
              <td>${outcomeWords(one.outcome)}</td>
              <td class="n">${grouped(one.n)}</td>
              ${percentileCells(one.response_ms)}${percentileCells(one.service_ms)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
