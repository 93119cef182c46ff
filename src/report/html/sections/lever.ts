import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';
import { whatIfTable } from './what-if-table.ts';

type Diagnosis = View['summary']['diagnosis'][number];

/** The first lever to pull, with what chose it and what would change our mind. Never more than one. */
export function firstLever({ summary }: View): Markup | null {
  const [first, ...others] = summary.diagnosis;
  if (first === undefined) return null;
  return html`<section class="card lever" id="lever">
    <h2>First lever</h2>
    <p class="lever-line">${first.lever}</p>
    <p>
      <b class="id">${first.id}</b> ${first.title} <span class="tag">${first.confidence} confidence</span>
    </p>
    <div class="columns">
      <div>
        <h3>The evidence that chose it</h3>
        <ul>
          ${first.evidence.map((line) => html`<li>${line}</li>`)}
        </ul>
        <h3>How to confirm it</h3>
        <p>${first.confirm}</p>
      </div>
      ${whatIf(first, summary.budget.usable)}
    </div>
    ${
      others.length === 0
        ? null
        : html`<details>
            <summary>Weaker leads (${others.length})</summary>
            <ul>
              ${others.map(({ id, title, confidence, evidence }) => html`<li><b class="id">${id}</b> ${title} <span class="tag">${confidence} confidence</span><br /><span class="muted">${evidence.join(' ')}</span></li>`)}
            </ul>
          </details>`
    }
  </section>`;
}

function whatIf({ what_if: changes }: Diagnosis, usable: number): Markup | null {
  if (changes.length === 0) return null;
  return html`<div>
    <h3>What the budget would be</h3>
    ${whatIfTable(changes, usable)}
  </div>`;
}
