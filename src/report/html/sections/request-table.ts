import { formatMs } from '../../../base/units.ts';
import { closedWords, shareWords, timesWords } from '../../load-words.ts';
import { grouped } from '../../words.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

type Summary = View['summary'];

/** What the callers of each phase got, and how many attempts it took where they tried again. */
export function requestTable(summary: Summary): Markup {
  const { phases, goodput, amplification } = summary;
  const isRetried = amplification.some(({ retries }) => retries > 0);
  const closed = phases.flatMap((phase) => closedWords(phase) ?? []);
  const rows = phases.map(({ name, stress }) => {
    const got = goodput.find((one) => one.phase === name);
    const took = amplification.find((one) => one.phase === name);
    return html`<tr>
      <th scope="row">${name}${stress ? html` <span class="tag">stress</span>` : null}</th>
      <td class="n">${grouped(got?.requests ?? 0)}</td>
      ${isRetried && took !== undefined ? attemptCells(took) : null}
      <td class="n">
        ${grouped(got?.good ?? 0)} <span class="muted small">${shareWords(got?.ratio ?? null)}</span>
      </td>
      ${durationCells(got?.request_ms ?? null)}
    </tr>`;
  });
  return html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col" class="n">Requests</th>
            ${isRetried ? attemptHeads : null}
            <th scope="col" class="n">Good</th>
            <th scope="col" class="n">p50</th>
            <th scope="col" class="n">p90</th>
            <th scope="col" class="n">p99</th>
            <th scope="col" class="n">max</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${closed.map((words) => html`<p class="hint">${words}</p>`)}`;
}

const attemptHeads = html`<th scope="col" class="n">Attempts</th>
  <th scope="col" class="n">Retries</th>
  <th scope="col" class="n">Attempts a request</th>
  <th scope="col" class="n">First attempts failed</th>`;

function attemptCells({
  attempts,
  retries,
  client,
  first_failed: failed,
}: Summary['amplification'][number]): Markup {
  return html`<td class="n">${grouped(attempts)}</td>
    <td class="n">${grouped(retries)}</td>
    <td class="n">${timesWords(client)}</td>
    <td class="n">${shareWords(failed)}</td>`;
}

function durationCells(of: Summary['goodput'][number]['request_ms']): Markup {
  if (of === null) return html`${[0, 1, 2, 3].map(() => html`<td class="n muted">–</td>`)}`;
  return html`<td class="n">${formatMs(of.p50)}</td>
    <td class="n">${formatMs(of.p90)}</td>
    <td class="n">${of.p99 === null ? '–' : formatMs(of.p99)}</td>
    <td class="n">${formatMs(of.max)}</td>`;
}
