import { trafficTypes, type TrafficTarget } from '../../../contract/cloud-run/service-resource.ts';

/** One line of a service's traffic, with its revision resolved. */
export interface Route {
  readonly revision: string;
  readonly percent: number;
  readonly tag: string | null;
  /** It follows the newest revision that is ready. */
  readonly latest: boolean;
}

/**
 * Resolves the revision of every line. A service without traffic lines sends everything to its latest revision. A
 * line is left out where it reaches nobody: no revision is ready yet, or the one it names does not exist.
 */
export function resolveTraffic(
  targets: readonly TrafficTarget[],
  latestReady: string | null,
  isReady: (revision: string) => boolean,
): readonly Route[] {
  const lines = targets.length === 0 ? [{ type: trafficTypes.latest, percent: 100 }] : targets;
  return lines.flatMap((line: TrafficTarget): readonly Route[] => {
    const latest = isLatest(line);
    const revision = latest ? latestReady : shortName(line.revision ?? '');
    if (revision === null || !isReady(revision)) return [];
    const tag = line.tag === undefined || line.tag === '' ? null : line.tag;
    return [{ revision, percent: line.percent ?? 0, tag, latest }];
  });
}

/** The revisions that lines send traffic to by name. */
export function namedRevisions(targets: readonly TrafficTarget[]): readonly string[] {
  return targets.filter((line) => !isLatest(line)).map(({ revision }) => shortName(revision ?? ''));
}

function isLatest({ type, revision }: TrafficTarget): boolean {
  return type === trafficTypes.latest || (type !== trafficTypes.revision && (revision ?? '') === '');
}

/** A revision may be named in full, as `projects/.../revisions/NAME`. */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Percent by revision; several lines of one revision add up. */
export function percentByRevision(routes: readonly Route[]): ReadonlyMap<string, number> {
  const percents = new Map<string, number>();
  for (const { revision, percent } of routes) percents.set(revision, (percents.get(revision) ?? 0) + percent);
  return percents;
}

/** The revision for a draw from [0, 1); null when none has traffic. */
export function drawRevision(percents: ReadonlyMap<string, number>, draw: number): string | null {
  let total = 0;
  for (const percent of percents.values()) total += percent;
  let left = draw * total;
  for (const [revision, percent] of percents) {
    left -= percent;
    if (percent > 0 && left < 0) return revision;
  }
  return null;
}
