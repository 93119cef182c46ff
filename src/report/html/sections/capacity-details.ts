import { trim } from '../../../base/units.ts';
import type { CapacityEvent } from '../../../evidence/event.ts';
import { percent } from '../../words.ts';
import { mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

const whenWords = { before: 'before the phases', after: 'after the phases' } as const;

/** The measured capacity of the service, step by step; nothing where it was not measured. */
export function capacityDetails({ evidence: { events } }: View): Markup | null {
  const all = events.filter((event) => event.kind === 'capacity');
  const [first] = all;
  if (first === undefined) return null;
  return html`<details class="card" id="capacity">
    <summary>
      <h2>Capacity</h2>
      <span class="muted">${all.map(short).join('; ')}</span>
    </summary>
    <p class="hint">
      Goodput of ascending steps with retries off: good answers within the deadline, with their 95 % interval.
      The capacity is that of the best step.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Measured</th>
            <th scope="col" class="n">Asked for</th>
            <th scope="col" class="n">Goodput</th>
            <th scope="col" class="n">95 % interval</th>
            <th scope="col" class="n">Failed</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(stepRows)}
        </tbody>
      </table>
    </div>
    ${all.map(({ when, reason }) => html`<p>It ended ${whenWords[when]} because of this: ${reason}.</p>`)}
  </details>`;
}

function short({ when, goodput_per_sec: goodput }: CapacityEvent): string {
  return `${perSec(goodput)} ${whenWords[when]}`;
}

function stepRows({ when, steps }: CapacityEvent): readonly Markup[] {
  return steps.map(
    (step) =>
      html`<tr>
        <td>${whenWords[when]}</td>
        <td class="n">${perSec(step.rate_per_sec)}</td>
        <td class="n">${perSec(step.goodput_per_sec)} ${mark('emulated')}</td>
        <td class="n">${perSec(step.low_per_sec)} to ${perSec(step.high_per_sec)}</td>
        <td class="n">${percent(step.failed)}</td>
      </tr>`,
  );
}

function perSec(rate: number): string {
  return `${trim(rate, 1)}/s`;
}
