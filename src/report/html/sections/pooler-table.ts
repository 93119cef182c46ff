import type { Summary } from '../../../verdict/summary/summary.ts';
import { comerWords, fitWords, waitWords } from '../../pooler-words.ts';
import { mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

type Pooler = Summary['poolers'][number];
type Line = Pooler['server'];

/** The second layer of the budget: what poolers may open at Postgres, and who may come to them. */
export function poolerTable({ summary: { poolers, provenance } }: View): Markup | null {
  if (poolers.length === 0) return null;
  return html`<section class="card" id="poolers">
    <h2>The budget in front of Postgres ${mark(provenance.sections.backends)}</h2>
    <p class="hint">
      A pooler has two sides, and both need a limit: what it opens at Postgres is pool size × pools × poolers,
      and who may come to one of them is held by max_client_conn.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Pooler</th>
            <th scope="col">Side</th>
            <th scope="col">Budget</th>
            <th scope="col" class="n">Predicted</th>
            <th scope="col" class="n">Peak</th>
            <th scope="col" class="n">Limit</th>
            <th scope="col">Fits</th>
          </tr>
        </thead>
        <tbody>
          ${poolers.map((one) => [row(one, 'Postgres', one.server), row(one, 'clients of one', one.client)])}
        </tbody>
      </table>
    </div>
    ${poolers.map((one) => html`<p class="small">${waitWords(one)} ${comerWords(one)}</p>`)}
  </section>`;
}

function row({ name, mode }: Pooler, side: string, { sum, predicted, peak, limit, fits }: Line): Markup {
  return html`<tr>
    <td class="nowrap">${name} ${mode === null ? null : html`<span class="muted small">${mode}</span>`}</td>
    <td>${side}</td>
    <td>${sum ?? '–'}</td>
    <td class="n">${predicted ?? '–'}</td>
    <td class="n">${peak ?? '–'}</td>
    <td class="n">${limit ?? '–'}</td>
    <td class="nowrap">${fitWords(fits)}</td>
  </tr>`;
}
