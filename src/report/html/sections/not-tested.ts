import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

/** What this run can't tell: its limits, and the bounds that were not judged at all. */
export function notTested({ summary, evidence }: View): Markup | null {
  const notes = [...summary.caveats, ...evidence.gaps.filter((gap) => !summary.caveats.includes(gap))];
  if (notes.length === 0 && summary.not_judged.length === 0) return null;
  return html`<section class="card quiet" id="not-tested">
    <h2>What was not tested</h2>
    ${
      notes.length === 0
        ? null
        : html`<ul>
            ${notes.map((note) => html`<li>${note}</li>`)}
          </ul>`
    }
    ${summary.not_judged.length === 0 ? null : html`<p>Bounds that this version does not judge: ${summary.not_judged.map(({ id, name }, index) => html`${index === 0 ? '' : ', '}<span class="nowrap"><b class="id">${id}</b> ${name}</span>`)}.</p>`}
  </section>`;
}
