import type { Sample } from './samples.ts';

/** No more than `high` sessions were open at any moment of `fromUs..toUs`. */
export interface UpperBound {
  readonly fromUs: number;
  readonly toUs: number;
  readonly high: number;
  /** How many of those may have come and gone between the two samples. */
  readonly unseen: number;
}

/**
 * An upper bound for every interval between two valid samples that has a valid sample behind it.
 *
 * A session open at some moment between samples i and j was there at i, or is new at j, or came and went unseen, or is
 * on its way at j: logged by the server, but not yet shown. What was there at i was seen at i, or has just left: a
 * backend takes itself off the list before it gives back its slot and logs its end. With n the sessions seen, `fresh`
 * those of them that are new, x the unseen and h, i, j, k four samples in a row:
 *
 *     high(i, j) = n(i) + left(i) + fresh(j) + x(i, j) + way(j)
 *     left(i)    = n(h) - (n(i) - fresh(i)) + x(h, i)
 *     way(j)     = min(starting(j), fresh(k) + x(j, k) + starting(k))
 *
 * for what is on its way at j shows itself by k, or comes and goes, or is still `starting` at k. That it is `starting`
 * at j holds where the server shows that, and took so little time for sample j that nobody came in its middle.
 * Before the first sample, which is long before load, nothing left.
 *
 * Against the server log, without left(i), 1 of 404 intervals was too low on a busy machine: five of 24 sessions were
 * off the list for 5 to 10 ms before the log had their ends.
 *
 * Only x needs the server's counter s of logins, read before and after the sessions. A backend counts its own login at
 * the latest when it ends, so all that came and went unseen are counted: x(i, j) <= s_after(j) - s(i). Those seen are
 * counted as well, which would make the bound twice too high in a burst. But x summed up from the first sample on
 * is X = counted - seen for the first time + seen but not yet counted, never falls, and so is held from both sides:
 *
 *     x(i, j) <= min over k >= j of (s_after(k) - F(k) + young(k))  -  max over h <= i of (s(h) - F(h))
 *
 * with F the sum of `fresh` so far, and `young` the sessions that may not be counted yet: a backend that finds the
 * counter locked when it logs in tries again as late as ten seconds after. This is why s(j) - s(i), also with a look
 * ahead to s(k), is no bound for what logged in: sessions are seen for seconds before they are counted.
 *
 * There is no bound across a counter that went backwards, or across an end of the server: it was restarted or its
 * statistics reset. Nor in the first interval behind that, of which nobody knows what has just left; nor where logins
 * are not counted.
 */
export function upperBounds(samples: readonly Sample[]): readonly UpperBound[] {
  return stretchesOf(samples.flatMap(lookOf)).flatMap((looks, stretch) =>
    boundsWithin(looks).slice(stretch === 0 ? 0 : 1),
  );
}

/** What a valid sample says that matters here. */
interface Look {
  readonly tUs: number;
  readonly backends: number;
  readonly before: number;
  readonly after: number;
  readonly fresh: number;
  readonly young: number;
  /** Null where the server does not show them. */
  readonly starting: number | null;
  readonly isInstant: boolean;
  readonly isAnew: boolean;
}

/** A login takes several times as long: a process is made, and two messages go back and forth. */
const instantUs = 1000;

function lookOf({ tUs, ok, backends, sessions, tookUs, ...sample }: Sample): readonly Look[] {
  const { sessionsAfter, fresh, young, starting, isAnew } = sample;
  if (!ok || backends === null || sessions === null || fresh === null || young === null) return [];
  const isInstant = tookUs !== null && tookUs < instantUs;
  const after = sessionsAfter ?? sessions;
  return [{ tUs, backends, before: sessions, after, fresh, young, starting, isInstant, isAnew }];
}

/** Looks between which the server went on, and the counter never went backwards. */
function stretchesOf(looks: readonly Look[]): readonly (readonly Look[])[] {
  const stretches: Look[][] = [];
  for (const look of looks) {
    const current = stretches.at(-1);
    const last = current?.at(-1);
    if (current === undefined || last === undefined || look.isAnew || look.before < last.before)
      stretches.push([look]);
    else current.push(look);
  }
  return stretches;
}

function boundsWithin(looks: readonly Look[]): readonly UpperBound[] {
  const unseen = unseenBetween(looks);
  const left = (index: number): number => {
    const [before, now] = [looks[index - 1], looks[index]];
    if (before === undefined || now === undefined) return 0;
    return before.backends - (now.backends - now.fresh) + unseen(index - 1);
  };
  return looks.flatMap((from, index) => {
    const to = looks[index + 1];
    const next = looks[index + 2];
    if (to === undefined || next === undefined) return [];
    const soonSeen = next.fresh + unseen(index + 1) + (next.starting ?? 0);
    const onTheWay = to.isInstant ? Math.min(to.starting ?? Infinity, soonSeen) : soonSeen;
    const high = from.backends + left(index) + to.fresh + unseen(index) + onTheWay;
    return [{ fromUs: from.tUs, toUs: to.tUs, high, unseen: unseen(index) }];
  });
}

/** The most sessions that may have come and gone between a look and the next one, by the index of the first. */
function unseenBetween(looks: readonly Look[]): (index: number) => number {
  let seen = 0;
  const sums = looks.map(({ before, after, fresh, young }, index) => {
    if (index > 0) seen += fresh;
    return { atLeast: before - seen, atMost: after - seen + young };
  });
  const least = running(
    sums.map(({ atLeast }) => atLeast),
    Math.max,
  );
  const most = running(sums.map(({ atMost }) => atMost).reverse(), Math.min).reverse();
  return (index) => {
    const counted = (looks[index + 1]?.after ?? 0) - (looks[index]?.before ?? 0);
    return Math.max(0, Math.min(counted, (most[index + 1] ?? 0) - (least[index] ?? 0)));
  };
}

function running(values: readonly number[], pick: (a: number, b: number) => number): number[] {
  let best: number | null = null;
  return values.map((value) => (best = best === null ? value : pick(best, value)));
}
