import { findBound } from '../../../verdict/summary/find-entry.ts';
import { provenanceMarks } from '../../words.ts';
import { mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';
import { lanesPx, laneHeight, laneTops, laneWidth, tickMarks, ticksPx, type At } from './budget-ticks.ts';
import { observedPeak, type Peak } from './observed-peak.ts';

/** Promise and observation on one scale, that of max_connections: who may hold which slots, and who held them. */
export function budgetBar(view: View): Markup {
  const { budget } = view.summary;
  const peak = observedPeak(view.summary);
  const top = scaleTop(budget.max_connections, [budget.claim, peak.high]);
  const at = (slots: number): number => Math.round(Math.min(slots / top, 1) * laneWidth * 100) / 100;
  return html`<section class="card" id="budget">
    <h2>Connection budget</h2>
    <p class="sum">
      ${budget.sum}
      ${budget.fits ? html`<span class="status s-pass">✓ fits</span>` : html`<span class="status s-fail">✗ does not fit${budget.accepted_overcommit ? ', and was accepted in words' : ''}</span>`}
    </p>
    <svg
      class="budget"
      height="${lanesPx + ticksPx(view, at)}"
      role="img"
      aria-label="${inWords(view, peak)}"
    >
      ${serverLane(view, at)}${promiseLane(view, at)}${observedLane(view, peak, at)}${tickMarks(view, at)}
    </svg>
    <ul class="legend budget-legend">
      ${legend(view, peak).map(
        ([tone, label, value]) =>
          html`<li>
            <svg class="key" width="14" height="10" aria-hidden="true">
              <rect class="area ${tone}" width="14" height="10" rx="2" /></svg
            ><span>${label}</span> <b>${value}</b>${isSeen(tone) ? html` ${mark('observed')}` : null}
          </li>`,
      )}
    </ul>
  </section>`;
}

/** A claim far beyond the server is cut off, so that the server's own scale stays readable. */
function scaleTop(maxConnections: number, others: readonly number[]): number {
  const most = others.reduce((a, b) => Math.max(a, b), maxConnections);
  return Math.min(most, 1.3 * maxConnections);
}

function bar(tone: string, from: number, to: number, lane: keyof typeof laneTops, at: At): Markup | null {
  const x = at(from);
  const width = Math.round((at(to) - x) * 100) / 100;
  if (width <= 0) return null;
  return html`<rect
    class="area ${tone}"
    x="${x}%"
    y="${laneTops[lane]}"
    width="${width}%"
    height="${laneHeight}"
  />`;
}

function laneLabel(text: string, lane: keyof typeof laneTops): Markup {
  return html`<text class="lane" x="0" y="${laneTops[lane] - 4}">${text}</text>`;
}

function serverLane({ summary: { budget }, evidence }: View, at: At): Markup {
  let from = budget.usable - budget.headroom;
  const lines = evidence.run.contract.headroom.map(({ purpose, slots }) => {
    from += slots;
    return bar(
      `slots-${purpose === 'other_services' ? 'others' : 'headroom'}`,
      from - slots,
      from,
      'server',
      at,
    );
  });
  return html`${laneLabel('The server', 'server')}${bar('slots-free', 0, budget.usable - budget.headroom, 'server', at)}${lines}${bar('slots-reserved', budget.usable, budget.max_connections, 'server', at)}`;
}

function promiseLane({ summary: { budget } }: View, at: At): Markup {
  return html`${laneLabel('Promised', 'promise')}${bar('slots-overlap', budget.claim, budget.claim_overlap, 'promise', at)}${bar('slots-claim', 0, budget.claim, 'promise', at)}`;
}

/** What was seen, by service and revision where their peaks add up to the whole; hatched beyond what is allowed. */
function observedLane({ summary }: View, peak: Peak, at: At): Markup {
  let from = 0;
  const parts = peak.parts.map(({ sessions }, index) => {
    from += sessions;
    return bar(`part-${index % 4}`, from - sessions, from, 'observed', at);
  });
  const over = bar('over', allowedOf(summary), peak.low, 'observed', at);
  return html`${laneLabel(`Observed at its peak ${provenanceMarks.observed}`, 'observed')}${parts}${bar('uncertain', peak.low, peak.high, 'observed', at)}${over}`;
}

/** What the service may hold at most: its claim, or less where the claim reaches into the headroom. */
function allowedOf(summary: View['summary']): number {
  const { usable, headroom } = summary.budget;
  return Math.min(claimOf(summary), usable - headroom);
}

/** In a run with a rollout the claim of both fleets, else that of one. */
function claimOf(summary: View['summary']): number {
  const overlap = findBound(summary, 'B02');
  const hadRollout = overlap !== undefined && overlap.limit !== null && overlap.status !== 'NOT_APPLICABLE';
  return hadRollout ? summary.budget.claim_overlap : summary.budget.claim;
}

function overWords(summary: View['summary']): string {
  return allowedOf(summary) < claimOf(summary) ? 'inside the headroom' : 'over the claim';
}

function legend({ summary, evidence }: View, peak: Peak): readonly (readonly [string, string, string])[] {
  const { budget } = summary;
  const headroom = evidence.run.contract.headroom.map(
    ({ purpose, slots }) =>
      [
        `slots-${purpose === 'other_services' ? 'others' : 'headroom'}`,
        purpose === 'other_services' ? 'kept for other services' : 'kept for admin and migrations',
        String(slots),
      ] as const,
  );
  return [
    ['slots-claim', ...claimWords(budget)],
    ...headroom,
    ['slots-reserved', 'reserved by Postgres', String(budget.reserved)],
    ...peak.parts.map(
      ({ label, sessions }, index) => [`part-${index % 4}`, label, String(sessions)] as const,
    ),
    ...(peak.high > peak.low ? [['uncertain', 'possible at most', String(peak.high)] as const] : []),
    ...(peak.low > allowedOf(summary)
      ? [['over', overWords(summary), String(peak.low - allowedOf(summary))] as const]
      : []),
  ];
}

/** The claim; where several services share the server, the claims with their sum. */
function claimWords({ claim, services }: View['summary']['budget']): readonly [string, string] {
  if (services.length < 2) return ['claim', String(claim)];
  const each = services.map((one) => `${one.service} ${one.claim}`).join(' + ');
  return ['claims', `${each} = ${claim}`];
}

/** What was seen, beside what was promised or is set. */
function isSeen(tone: string): boolean {
  return tone.startsWith('part-') || tone === 'uncertain' || tone === 'over';
}

function inWords({ summary: { budget } }: View, peak: Peak): string {
  const seen = peak.high > peak.low ? `between ${peak.low} and ${peak.high}` : String(peak.low);
  return `Of ${budget.max_connections} connections ${budget.usable} are usable; the service may hold ${budget.claim}, ${budget.headroom} are kept free. At its peak ${seen} were held.`;
}
