import type { InstanceEvent, RevisionEvent, RunEvent } from '../../../evidence/event.ts';
import { instancesAlive } from '../../../evidence/sessions/instances.ts';

/*
 * Two revisions of a service run at once:
 *
 *     created(new) ............ serving(new) | failed(new) ..... + T_drain
 *          and on, while traffic is split over several revisions
 *          and on, while instances of the old one are still there, for 15 minutes at most
 *
 * After T_drain = T_req + 10 s no request of the old revision is left. Its instances may be: Cloud Run keeps an idle
 * one for up to 15 minutes, with its pool and its sessions. Up to then the platform promises two fleets, and
 * nobody is charged for the second one.
 */

/** A stretch of time. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

/** One rollout with what follows it. */
export interface OverlapWindow extends Span {
  /** The revisions that were new in it. */
  readonly revisions: readonly string[];
  /** When the traffic had settled on one revision, or the new one had failed; null when it never did. */
  readonly settledUs: number | null;
  /** Whether any of them got traffic: false where every new revision failed to start. */
  readonly served: boolean;
}

/** The longest that Cloud Run keeps an idle instance. */
const idleRetentionUs = 15 * 60 * 1e6;

/** Every overlap of a service's revisions, in time order and apart from one another, clipped to what was observed. */
export function overlapWindows(
  events: readonly RunEvent[],
  service: string,
  drainMs: number,
  endUs: number,
): readonly OverlapWindow[] {
  const own = events.filter((event) => event.kind === 'revision' && event.service === service);
  const instances = events.filter((event) => event.kind === 'instance' && event.service === service);
  const windows = rolloutsOf(own as readonly RevisionEvent[]).map((rollout) => ({
    ...rollout,
    toUs: Math.min(endUs, overUs(rollout, 1000 * drainMs, instances as readonly InstanceEvent[])),
  }));
  return windows.filter(({ fromUs }) => fromUs < endUs).reduce<readonly OverlapWindow[]>(joined, []);
}

interface Rollout {
  readonly fromUs: number;
  readonly revisions: readonly string[];
  readonly settledUs: number | null;
  readonly served: boolean;
  /** Which revision had all the traffic once it had settled. */
  readonly winner: string | null;
}

/** Follows the traffic: a rollout is on while a new revision is on its way, or traffic goes to more than one. */
function rolloutsOf(events: readonly RevisionEvent[]): readonly Rollout[] {
  const found: Rollout[] = [];
  const traffic: Traffic = {
    everServed: new Set(events.flatMap((one) => (one.state === 'serving' ? [one.revision] : []))),
    onTheWay: new Set(),
    serving: new Set(),
    known: new Set(),
  };
  let current: Current | null = null;
  for (const event of events) {
    const isShift = follow(event, traffic);
    const isOn = traffic.onTheWay.size > 0 || traffic.serving.size > 1;
    if (isOn || isShift) current ??= { fromUs: event.t_us, revisions: new Set(), served: false };
    if (current === null) continue;
    note(current, event, isShift);
    if (isOn) continue;
    const [winner = null] = traffic.serving;
    found.push({ ...current, revisions: [...current.revisions], settledUs: event.t_us, winner });
    current = null;
  }
  if (current === null) return found;
  return [...found, { ...current, revisions: [...current.revisions], settledUs: null, winner: null }];
}

/** A rollout that is on. */
interface Current {
  readonly fromUs: number;
  readonly revisions: Set<string>;
  served: boolean;
}

function note(current: Current, { state, revision }: RevisionEvent, isShift: boolean): void {
  if (state === 'created' || isShift) current.revisions.add(revision);
  if (state === 'serving' && current.revisions.has(revision)) current.served = true;
}

interface Traffic {
  readonly everServed: ReadonlySet<string>;
  /** Created, and neither serving nor failed. */
  readonly onTheWay: Set<string>;
  readonly serving: Set<string>;
  /** Those that ever had traffic up to now. */
  readonly known: Set<string>;
}

/** Notes one event; true where traffic comes to a revision while another had it before. */
function follow({ state, revision }: RevisionEvent, traffic: Traffic): boolean {
  const { everServed, onTheWay, serving, known } = traffic;
  const isFirst = known.size === 0;
  const isShift = state === 'serving' && !isFirst && !serving.has(revision);
  if (state === 'created' && !isFirst) onTheWay.add(revision);
  if (state === 'serving') serving.add(revision);
  if (state === 'retired') serving.delete(revision);
  // One that never gets traffic has arrived once it is ready.
  const isThere =
    state === 'serving' || state === 'failed' || (state === 'ready' && !everServed.has(revision));
  if (isThere) onTheWay.delete(revision);
  if (state === 'serving') known.add(revision);
  return isShift;
}

/** T_drain after the traffic settled, or when the last instance of an older revision is gone. */
function overUs(
  { settledUs, winner, served }: Rollout,
  drainUs: number,
  instances: readonly InstanceEvent[],
): number {
  if (settledUs === null) return Infinity;
  const drainedUs = settledUs + drainUs;
  if (!served || winner === null) return drainedUs;
  const old = instancesAlive(instances, (event) => event.revision !== winner);
  const gone = old.find(({ tUs, count }) => tUs >= settledUs && count === 0);
  const isEmpty = (old.findLast(({ tUs }) => tUs <= settledUs)?.count ?? 0) === 0;
  const goneUs = isEmpty ? settledUs : (gone?.tUs ?? Infinity);
  return Math.max(drainedUs, Math.min(goneUs, settledUs + idleRetentionUs));
}

/** Adds a window; one that begins before the last has ended goes on with it. */
function joined(windows: readonly OverlapWindow[], next: OverlapWindow): readonly OverlapWindow[] {
  const last = windows.at(-1);
  if (last === undefined || next.fromUs > last.toUs) return [...windows, next];
  return [
    ...windows.slice(0, -1),
    {
      fromUs: last.fromUs,
      toUs: Math.max(last.toUs, next.toUs),
      revisions: [...last.revisions, ...next.revisions],
      settledUs: next.settledUs,
      served: last.served || next.served,
    },
  ];
}

/** What is left of a span outside the windows. */
export function outside(windows: readonly Span[], { fromUs, toUs }: Span): readonly Span[] {
  const left: Span[] = [];
  let nextUs = fromUs;
  for (const window of windows) {
    if (window.fromUs > nextUs) left.push({ fromUs: nextUs, toUs: Math.min(window.fromUs, toUs) });
    nextUs = Math.max(nextUs, window.toUs);
  }
  if (nextUs < toUs) left.push({ fromUs: nextUs, toUs });
  return left.filter((span) => span.toUs > span.fromUs);
}

/** What of the windows lies within a span. */
export function inside(windows: readonly Span[], { fromUs, toUs }: Span): readonly Span[] {
  return windows
    .map((window) => ({ fromUs: Math.max(window.fromUs, fromUs), toUs: Math.min(window.toUs, toUs) }))
    .filter((span) => span.toUs > span.fromUs);
}

/** Whether a moment lies in any of the spans; a span owns its first moment and not its last. */
export function isIn(spans: readonly Span[], tUs: number): boolean {
  return spans.some(({ fromUs, toUs }) => tUs >= fromUs && tUs < toUs);
}
