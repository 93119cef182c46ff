import { amount } from '../../words.ts';
import { mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

/** The guards on the run itself: a broken one is charged to the evidence, never to the service. */
export function validityDetails({ summary }: View): Markup | null {
  if (summary.validity.length === 0) return null;
  const broken = summary.validity.filter((guard) => !guard.ok).length;
  return html`<details class="card" id="validity" ${broken > 0 ? html` open` : null}>
    <summary>
      <h2>Guards on the evidence</h2>
      <span class="muted">${broken === 0 ? 'all hold' : `${broken} broken`}</span>
    </summary>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Guard</th>
            <th scope="col" class="n">Worst seen</th>
            <th scope="col" class="n">Limit</th>
            <th scope="col">What was seen</th>
            <th scope="col">Broken, it weakens</th>
          </tr>
        </thead>
        <tbody>
          ${summary.validity.map(
            ({ id, name, ok, value, limit, unit, reason, affects, provenance }) =>
              html`<tr class="${ok ? 's-pass' : 's-inconclusive'}">
                <td><span class="status">${ok ? '✓ holds' : '? broken'}</span></td>
                <td><b class="id">${id}</b> ${name}</td>
                <td class="n">${amount(value, unit)}${value === null ? null : html` ${mark(provenance)}`}</td>
                <td class="n">${amount(limit, unit)}</td>
                <td>${reason}</td>
                <td class="muted">${affects.join(', ')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
