import { trim } from '../../../base/units.ts';
import { amount } from '../../words.ts';
import { mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

const matchWords = {
  match: '✓ as predicted',
  mismatch: '! differs',
  not_measured: '– not measured',
} as const;

/** What queueing theory expected, beside what was measured. A mismatch is a lead, never a broken promise. */
export function predictionDetails({ summary }: View): Markup | null {
  if (summary.predictions.length === 0) return null;
  return html`<details class="card" id="predictions">
    <summary><h2>Predicted and measured</h2></summary>
    <p class="hint">
      A measurement within 0.8 to 1.25 of its prediction, or of the band that a random schedule gives it,
      matches. One that does not says that something else is at work than the model knows; it breaks no bound
      by itself.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Prediction</th>
            <th scope="col">Phase</th>
            <th scope="col" class="n">Predicted</th>
            <th scope="col" class="n">Measured</th>
            <th scope="col" class="n">Ratio</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          ${summary.predictions.map(
            ({ id, statement, phase, predicted, measured, ratio, band, unit, match, provenance }) =>
              html`<tr>
                <td>${statement} <span class="muted small">${id}</span></td>
                <td>${phase}</td>
                <td class="n">
                  ${amount(rounded(predicted), unit)}
                  ${band === null ? null : html`<span class="muted small">${amount(rounded(band[0]), unit)} to ${amount(rounded(band[1]), unit)}</span>`}
                </td>
                <td class="n">
                  ${measured === null ? '–' : html`${amount(rounded(measured), unit)} ${mark(provenance)}`}
                </td>
                <td class="n">${ratio === null ? '–' : trim(ratio, 2)}</td>
                <td class="nowrap">${matchWords[match]}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** Three digits: a model is no more exact than that. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
