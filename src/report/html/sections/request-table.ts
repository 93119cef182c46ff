import { closedWords, shareWords, timesWords } from '../../load-words.ts';
import { grouped } from '../../words.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';
import { percentileCells, percentileHeads } from './percentile-cells.ts';

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
      ${percentileCells(got?.request_ms ?? null)}
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
            ${percentileHeads}
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
