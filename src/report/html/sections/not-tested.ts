import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

/** What this run can't tell: its limits, and what of its evidence could not be read. */
export function notTested({ summary, evidence }: View): Markup | null {
  const notes = [...summary.caveats, ...evidence.gaps.filter((gap) => !summary.caveats.includes(gap))];
  if (notes.length === 0) return null;
  return html`<section class="card quiet" id="not-tested">
    <h2>What was not tested</h2>
    <ul>
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>
  </section>`;
}
