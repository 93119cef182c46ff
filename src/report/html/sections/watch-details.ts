import { formatMs, trim } from '../../../base/units.ts';
import type { DrainEvent, LockEvent, SamplerEvent } from '../../../evidence/event.ts';
import { amount, grouped } from '../../words.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';
import { pairs, type Pair } from './pairs.ts';

/** Rows shown of a list; the rest are counted. */
const shown = 12;

/** What still worked in the database once load was over, who waited for whose lock, and what looking has cost. */
export function watchDetails({ evidence: { events, run } }: View): Markup | null {
  const drains = events.filter((event) => event.kind === 'drain');
  const locks = events.filter((event) => event.kind === 'lock');
  const samplers = events.filter((event) => event.kind === 'sampler');
  if (drains.length + locks.length + samplers.length === 0) return null;
  const everyMs = run.sampling.every_ms;
  return html`<details class="card" id="watch">
    <summary><h2>Postgres after load, its locks, and the cost of looking</h2></summary>
    ${drains.map(drainPart)} ${locks.length === 0 ? null : lockPart(locks)}
    ${samplers.map((one) => pairs('The sampler', samplerRows(one, everyMs)))}
  </details>`;
}

function drainPart({ from_us: fromUs, t_us: tUs, working, left }: DrainEvent): Markup {
  const lasted = formatMs((tUs - fromUs) / 1000);
  const words =
    working === null
      ? 'Nobody could look: the session for it was lost.'
      : left.length === 0
        ? 'Nothing worked in the database for the services any more.'
        : working === 0
          ? `The last work in the database ended within ${lasted}.`
          : `After ${lasted} ${working} sessions still worked.`;
  return html`<h3>When load was over</h3>
    <p>${words}</p>
    ${
      left.length === 0
        ? null
        : table(
            ['service', 'name', 'state', 'seen at work for', 'transaction', 'request'],
            left
              .slice(0, shown)
              .map((one) => [
                one.service ?? one.role ?? '?',
                one.application_name ?? '',
                one.state,
                formatMs((one.last_us - fromUs) / 1000),
                one.xact_ms === null ? '' : formatMs(one.xact_ms),
                one.arrival === null ? '' : `arrival ${one.arrival}`,
              ]),
          )
    }
    ${left.length > shown ? html`<p>and ${left.length - shown} more</p>` : null}`;
}

function lockPart(locks: readonly LockEvent[]): Markup {
  const most = locks.reduce((peak, { waiting }) => Math.max(peak, waiting), 0);
  const worst = locks.toSorted((a, b) => b.waiting - a.waiting).slice(0, 3);
  const rows = worst.flatMap(({ t_us: tUs, waits }) =>
    waits.map((wait) => [
      `${trim(tUs / 1e6, 1)} s`,
      `${wait.role ?? '?'} ${wait.application_name ?? ''}`,
      wait.wait ?? '',
      wait.waited_ms === null ? '' : formatMs(wait.waited_ms),
      wait.blocker_pid === null
        ? 'gone'
        : `${wait.blocker_role ?? '?'} ${wait.blocker_application_name ?? ''}`,
      wait.blocker_state ?? '',
      wait.blocker_xact_ms === null ? '' : formatMs(wait.blocker_xact_ms),
    ]),
  );
  return html`<h3>Waiting for locks</h3>
    <p>Seen in ${locks.length} looks, one a second at most; ${most} sessions waited at worst.</p>
    ${table(['run time', 'who waits', 'for', 'since', 'root blocker', 'its state', 'its transaction'], rows.slice(0, shown))}`;
}

function samplerRows(cost: SamplerEvent, everyMs: number): readonly Pair[] {
  const time = (us: number | null): string => (us === null ? 'not known' : formatMs(us / 1000));
  const perSecond = 1000 / everyMs;
  const used = (cost.client_us ?? 0) + (cost.server_us ?? 0);
  const share = `${trim((100 * used * perSecond) / 1e6, 2)} % of one core at ${amount(perSecond, 'per_sec')}`;
  return [
    ['samples', `${grouped(cost.samples)}, ${grouped(cost.failed)} failed`],
    ['longest gap', `${time(cost.longest_gap_us)}: what was shorter may be unseen but for the counters`],
    ['round trip, median and p99', `${time(cost.rtt_p50_us)}, ${time(cost.rtt_p99_us)}`],
    ['CPU of a sample, this side', `${time(cost.client_us)} (measured before load)`],
    ['CPU of a sample, the server', time(cost.server_us)],
    ['together', cost.client_us === null || cost.server_us === null ? `at least ${share}` : share],
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<table>
    <thead>
      <tr>
        ${head.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
