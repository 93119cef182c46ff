import { readySteps } from '../../../evidence/sessions/instances.ts';
import { countAt } from '../../../evidence/sessions/steps.ts';
import type { RunFacts } from '../run-facts.ts';
import { noRequests, noSlots, totalOf, type Moment, type Requests } from './account.ts';
import { ownTime } from './own-time.ts';
import { requestCounts, type RequestCount } from './request-counts.ts';
import { slotsOf, unseen } from './session-counts.ts';
import { splitMoment, type Room } from './split-moment.ts';
import { supplyPerSecond } from './supply.ts';

/* The two accounts between each two good samples; `split-moment.ts` derives who waits for what. */

/** A fleet counts as full at this share of what its instances ever held. */
const full = 0.9;
const nearUs = 1_000_000;

/** From load start to the last sample before the end. Empty where there are no samples, or nobody may see states. */
export function momentsOf(run: RunFacts): readonly Moment[] {
  const known = found.get(run);
  if (known !== undefined) return known;
  const moments = makeMoments(run);
  found.set(run, moments);
  return moments;
}

/** Cached: several bounds and diagnoses ask. */
const found = new WeakMap<RunFacts, readonly Moment[]>();

function makeMoments(run: RunFacts): readonly Moment[] {
  const { load, need, driven, evidence } = run;
  const seen = run.samples.filter(({ ok, tUs }) => ok && load !== null && tUs >= load.fromUs);
  if (load === null || seen.length < 2) return [];
  const edges = seen.map(({ tUs }) => tUs);
  const ready = evidence.events.some((event) => event.kind === 'instance')
    ? readySteps(evidence.events, (event) => event.service === driven.contract.name)
    : null;
  const counts = requestCounts(run, ready, edges);
  const supply = supplyPerSecond(run, load.fromUs, edges.at(-1) ?? load.fromUs);
  const own = ownTime(run, seen, counts);
  const roomAt = roomIn(run);
  return counts.map((count, index) => {
    const [fromUs, toUs] = [edges[index] ?? 0, edges[index + 1] ?? 0];
    const slots = slotsOf(seen[index]?.rows ?? []);
    if (toUs - fromUs > need.holeUs) return { fromUs, toUs, slots: unseen(slots), requests: untold(count) };
    const sessions = slots.get(driven.contract.name) ?? noSlots;
    const split = splitMoment({
      count,
      sessions,
      ownEach: own,
      room: roomAt(fromUs, totalOf(sessions)),
      supply: supply[Math.floor((fromUs - load.fromUs) / 1e6)] ?? null,
    });
    return {
      fromUs,
      toUs,
      slots: new Map(slots).set(driven.contract.name, split.slots),
      requests: split.requests,
    };
  });
}

/** Asks whether every instance holds as many sessions as any ever does, or the server refused one just then. */
function roomIn({ driven, refusals }: RunFacts): (tUs: number, sessions: number) => Room {
  const { perInstance, alive, contract } = driven;
  const most =
    perInstance.size === 0
      ? contract.poolMax * contract.workersPerInstance
      : [...perInstance.values()].reduce(
          (peak, steps) => steps.reduce((high, { count }) => Math.max(high, count), peak),
          0,
        );
  return (tUs, sessions) => {
    if (refusals.some((one) => Math.abs(one.tUs - tUs) <= nearUs)) return 'refused';
    if (alive === null) return null;
    const instances = countAt(alive, tUs);
    return instances > 0 && most > 0 && sessions >= full * most * instances ? 'full' : 'left';
  };
}

function untold({ front, inside }: RequestCount): Requests {
  return { ...noRequests, front, unknown: inside };
}
