import { trim } from '../../../base/units.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

/** How to run the same schedule again, and what to check that it was the same. */
export function reproduce({ evidence: { run }, summary }: View): Markup {
  const overcommit = run.accept_overcommit ? ' --accept-overcommit' : '';
  return html`<section class="card quiet" id="reproduce">
    <h2>Reproduce it</h2>
    <pre><code>npx poolproof run SCENARIO --seed ${run.seed}${overcommit}</code></pre>
    <p>
      SCENARIO is the file of ${summary.name}; <code>effective.yaml</code> beside this report says what it
      came to. The same schedule has the hash <code class="hash">${summary.schedule.hash}</code>. The verdict
      of this recording is repeated, without sending anything, by <code>npx poolproof judge</code> with this
      folder.${measured(run.capacity)}
    </p>
  </section>`;
}

/** A schedule that stands on a measurement is another one when that is. */
function measured(capacity: View['evidence']['run']['capacity']): string {
  if (capacity?.by !== 'measured') return '';
  return ` Its rates are multiples of a capacity that was measured first, ${trim(capacity.per_sec, 1)}/s: a run that measures another one has another schedule.`;
}
