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
      folder.
    </p>
  </section>`;
}
