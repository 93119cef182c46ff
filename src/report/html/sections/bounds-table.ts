import { formatMs } from '../../../base/units.ts';
import { amount, failingFirst, percent, runClock, statusMarks, statusWords } from '../../words.ts';
import { legend, mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

type BoundSummary = View['summary']['bounds'][number];

/** Every bound that was judged, broken ones first, each with what was seen and the witness behind a FAIL. */
export function boundsTable({ summary }: View): Markup {
  const bounds = failingFirst(summary.bounds);
  return html`<section class="card" id="bounds">
    <h2>Bounds</h2>
    ${
      bounds.length === 0
        ? html`<p>No bound was judged.</p>`
        : html`<table class="bounds">
            <thead>
              <tr>
                <th scope="col">Status</th>
                <th scope="col">Bound</th>
                <th scope="col" class="n">Worst seen</th>
                <th scope="col" class="n">Limit</th>
                <th scope="col">First violation</th>
                <th scope="col">What was seen</th>
                <th scope="col" class="n">Evidence</th>
              </tr>
            </thead>
            <tbody>
              ${bounds.map(row)}
            </tbody>
          </table>`
    }
    ${legend(summary.provenance.calibration)}
  </section>`;
}

function row(bound: BoundSummary): Markup {
  const { status, first_violation: first, severity } = bound;
  const tone = status.toLowerCase().replaceAll('_', '-');
  return html`<tr class="s-${tone}${severity === 'soft' ? ' soft' : ''}" id="${bound.id}">
    <td class="b-status">
      <span class="status"
        ><span aria-hidden="true">${statusMarks[status]}</span> ${statusWords[status]}</span
      >
    </td>
    <td class="b-name">
      <b class="id">${bound.id}</b>
      ${bound.name}${severity === 'soft' ? html` <span class="tag">soft</span>` : null}
    </td>
    <td class="n${bound.value === null ? ' none' : ''}" data-label="worst seen">
      ${amount(bound.value, bound.unit)}${bound.value === null ? null : html` ${mark(bound.provenance)}`}
    </td>
    <td class="n${bound.limit === null ? ' none' : ''}" data-label="limit">
      ${amount(bound.limit, bound.unit)}
    </td>
    <td class="b-first${first === null ? ' none' : ''}" data-label="first violation">
      ${firstViolation(first)}
    </td>
    <td class="b-seen">${bound.reason}${witness(bound)}</td>
    <td class="n" data-label="evidence">${evidenceWords(bound)}</td>
  </tr> `;
}

function firstViolation(first: BoundSummary['first_violation']): Markup | string {
  if (first === null) return '–';
  const phase =
    first.phase === null
      ? null
      : html` <span class="muted">${first.phase} +${formatMs(first.offset_ms)}</span>`;
  return html`<a href="#timeline" data-t="${first.t_us}">${runClock(first.t_us)}</a>${phase}`;
}

/** How much was looked at: the number of observations, and the share of the judged time that they cover. */
function evidenceWords({ n, coverage }: BoundSummary): string {
  const count = `n ${amount(n, 'count')}`;
  return coverage === null ? count : `${percent(coverage)}, ${count}`;
}

function witness({ witness: proof }: BoundSummary): Markup | null {
  if (proof === null) return null;
  const span = proof.from_us === proof.to_us ? '' : ` to ${runClock(proof.to_us)}`;
  return html`<details class="witness">
    <summary>witness</summary>
    <p>At ${runClock(proof.from_us)}${span}: ${proof.what}</p>
  </details>`;
}
