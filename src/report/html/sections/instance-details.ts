import { formatMs } from '../../../base/units.ts';
import type { InstanceEvent, RunEvent } from '../../../evidence/event.ts';
import { linkCounts, linkSessions } from '../../../evidence/sessions/sessions.ts';
import { peakOf } from '../../../evidence/sessions/steps.ts';
import { grouped, runClock } from '../../words.ts';
import { mark } from '../provenance.ts';
import { html, type Markup } from '../template.ts';
import type { View } from '../view.ts';

/** Every instance: when it started and why, how it ended, and how many sessions it held at most. */
export function instanceDetails(view: View): Markup | null {
  const lives = livesOf(view.evidence.events);
  if (lives.length === 0) return null;
  const rows = lives.map((life) => row(life, view));
  return html`<details class="card" id="instances">
    <summary>
      <h2>Instances</h2>
      <span class="muted">${grouped(lives.length)} started ${mark('emulated')}</span>
    </summary>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Instance</th>
            <th scope="col">Revision</th>
            <th scope="col">Started</th>
            <th scope="col">Why</th>
            <th scope="col" class="n">Ready after</th>
            <th scope="col">Ended</th>
            <th scope="col">How</th>
            <th scope="col" class="n">Most sessions ${mark('observed')}</th>
            <th scope="col" class="n">Refused ${mark('observed')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** The events of one instance, in time order. */
type Life = readonly [InstanceEvent, ...InstanceEvent[]];

function livesOf(events: readonly RunEvent[]): readonly Life[] {
  const lives = new Map<string, [InstanceEvent, ...InstanceEvent[]]>();
  for (const event of events) {
    if (event.kind !== 'instance') continue;
    const key = JSON.stringify([event.service, event.revision, event.instance]);
    const life = lives.get(key);
    if (life === undefined) lives.set(key, [event]);
    else life.push(event);
  }
  return [...lives.values()];
}

function row(life: Life, { evidence, timeline }: View): Markup {
  const [first] = life;
  const ready = life.find((event) => event.state === 'ready');
  const end = life.find((event) => event.state === 'stopped' || event.state === 'failed');
  const isOfIt = (event: { service: string; revision: string; instance: string }): boolean =>
    event.service === first.service && event.revision === first.revision && event.instance === first.instance;
  const most = peakOf(linkSessions(evidence.events, isOfIt), 0, Math.max(timeline.toUs, end?.t_us ?? 0));
  const { attempts, refused } = linkCounts(evidence.events, isOfIt);
  return html`<tr>
    <th scope="row">${first.instance}</th>
    <td>${first.revision}</td>
    <td>${runClock(first.t_us)}</td>
    <td>${first.reason}</td>
    <td class="n">
      ${ready === undefined ? '–' : formatMs((ready.startup_us ?? ready.t_us - first.t_us) / 1000)}
    </td>
    <td>${end === undefined ? '–' : runClock(end.t_us)}</td>
    <td>${endWords(end)}</td>
    <td class="n">${attempts === 0 ? '–' : (most?.count ?? 0)}</td>
    <td class="n">${attempts === 0 ? '–' : grouped(refused)}</td>
  </tr>`;
}

function endWords(end: InstanceEvent | undefined): string {
  if (end === undefined) return 'still there when the run ended';
  const code = end.exit_code === undefined || end.exit_code === null ? '' : `, exit code ${end.exit_code}`;
  const signal = end.signal === undefined || end.signal === null ? '' : `, ${end.signal}`;
  const left =
    end.sessions_left === undefined || end.sessions_left === 0
      ? ''
      : `, left ${end.sessions_left} sessions open`;
  return `${end.state}: ${end.reason}${code}${signal}${left}`;
}
