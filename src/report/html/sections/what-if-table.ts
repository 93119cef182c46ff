import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

type Change = View['summary']['diagnosis'][number]['what_if'][number];

/** What changes would make of the budget, a row each; behind whose lever it is, where they are of several. */
export function whatIfTable<One extends Change>(
  changes: readonly One[],
  usable: number,
  leverOf: ((change: One) => string) | null = null,
): Markup {
  return html`<div class="scroll">
    <table class="what-if">
      <thead>
        <tr>
          ${leverOf === null ? null : html`<th scope="col">Lever</th>`}
          <th scope="col">Change</th>
          <th scope="col" class="n">Claim</th>
          <th scope="col" class="n">With headroom</th>
          <th scope="col">Fits ${usable}?</th>
        </tr>
      </thead>
      <tbody>
        ${changes.map((one) => row(one, leverOf === null ? null : html`<td>${leverOf(one)}</td>`))}
      </tbody>
    </table>
  </div>`;
}

function row({ change, claim, planned, fits }: Change, lever: Markup | null): Markup {
  return html`<tr class="${fits ? 's-pass' : 's-fail'}">
    ${lever}
    <td>${change}</td>
    <td class="n">${claim}</td>
    <td class="n">${planned}</td>
    <td><span class="status">${fits ? '✓ fits' : '✗ does not'}</span></td>
  </tr>`;
}
