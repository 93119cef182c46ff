import { runClock } from '../../words.ts';
import { mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

/** What was done to the services while load was on: rollouts and faults, in time order. */
export function changesTable({ summary }: View): Markup | null {
  const { changes, provenance } = summary;
  if (changes.length === 0) return null;
  const isShared = new Set(changes.map(({ service }) => service)).size > 1;
  return html`<section class="card" id="changes">
    <h2>Rollouts and faults ${mark(provenance.sections.changes)}</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            ${isShared ? html`<th scope="col">Service</th>` : null}
            <th scope="col">What</th>
            <th scope="col">Detail</th>
          </tr>
        </thead>
        <tbody>
          ${changes.map(
            ({ t_us, service, what, state, detail }) =>
              html`<tr>
                <td class="nowrap"><a href="#timeline" data-t="${t_us}">${runClock(t_us)}</a></td>
                ${isShared ? html`<td>${service}</td>` : null}
                <td class="nowrap">${what} <b>${state}</b></td>
                <td>${detail}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
