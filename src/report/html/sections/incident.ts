import { formatMs } from '../../../base/units.ts';
import { answerMarks, refusalWords, type Incident } from '../../incident-words.ts';
import { runClock } from '../../words.ts';
import { mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';
import { whatIfTable } from './what-if-table.ts';

/** A run in which connections were refused, in the order in which people ask about an incident: why, when, who held what, what helps. */
export function incidentPage({ summary }: View): Markup | null {
  const { incident, provenance, diagnosis, budget } = summary;
  if (incident === null) return null;
  return html`<section class="card" id="incident">
    <h2>The incident: too many connections ${mark(provenance.sections.refusals)}</h2>
    <p>${refusalWords(incident)}; the first at ${moment(incident.t_us)}.</p>
    <div class="columns">
      <div>${questions(incident)}</div>
      <div>${timeline(incident)}</div>
    </div>
    ${holders(incident)} ${levers(diagnosis)} ${whatIf(incident, budget.usable)}
  </section>`;
}

function moment(tUs: number): Markup {
  return html`<a href="#timeline" data-t="${tUs}">${runClock(tUs)}</a>`;
}

function questions({ questions: asked }: Incident): Markup {
  return html`<h3>Seven questions, in this order</h3>
    <dl class="incident-questions">
      ${asked.map(
        ({ question, answer, because, ids }) =>
          html`<dt>${question}</dt>
            <dd>
              <b>${answerMarks[answer]}:</b>
              ${ids.map((id) => html`<b class="id">${id}</b> `)}<span>${because}</span>
            </dd>`,
      )}
    </dl>`;
}

function timeline({ timeline: moments }: Incident): Markup {
  return html`<h3>What happened</h3>
    <table class="incident-timeline">
      <tbody>
        ${moments.map(
          ({ t_us, what }) =>
            html`<tr>
              <td class="n nowrap">${moment(t_us)}</td>
              <td>${what}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function holders({ holders: held }: Incident): Markup {
  if (held === null)
    return html`<h3>Who held the sessions</h3>
      <p>No sample was taken next to the first refusal.</p>`;
  return html`<h3>Who held the ${held.total} sessions sampled at ${runClock(held.t_us)}</h3>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Whose</th>
            <th scope="col">State</th>
            <th scope="col" class="n">Sessions</th>
            <th scope="col" class="n">Oldest in it</th>
          </tr>
        </thead>
        <tbody>
          ${held.rows.map(
            ({ who, state, count, oldest_ms: oldest }) =>
              html`<tr>
                <td>${who}</td>
                <td>${state}</td>
                <td class="n">${count}</td>
                <td class="n">${oldest === null ? '–' : formatMs(oldest)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function levers(diagnosis: View['summary']['diagnosis']): Markup | null {
  if (diagnosis.length === 0) return null;
  return html`<h3>Levers, the surest first</h3>
    <ol>
      ${diagnosis.map(
        ({ id, lever, confidence }) =>
          html`<li>${lever} <b class="id">${id}</b> <span class="tag">${confidence} confidence</span></li>`,
      )}
    </ol>`;
}

function whatIf({ what_if: changes }: Incident, usable: number): Markup {
  return html`<h3>What each would make of the budget</h3>
    ${whatIfTable(changes, usable, ({ id }) => (id === '' ? '–' : id))}`;
}
