import type { TrafficTarget } from '../../../contract/cloud-run/service-resource.ts';
import type { RevisionSet } from './revision-set.ts';
import { drawRevision, namedRevisions, percentByRevision, resolveTraffic, type Route } from './traffic.ts';

/** Where the requests of a service go now. */
export class Router {
  #routes: readonly Route[] = [];
  #percents: ReadonlyMap<string, number> = new Map();

  get routes(): readonly Route[] {
    return this.#routes;
  }

  percentOf(revision: string): number {
    return this.#percents.get(revision) ?? 0;
  }

  /** Whether any request can get there: by a share of the traffic or by a tag. */
  reaches(name: string): boolean {
    return this.#routes.some(
      ({ revision, percent, tag }) => revision === name && (percent > 0 || tag !== null),
    );
  }

  /**
   * Sends the traffic where these lines say, among the revisions that are ready. Yields a named revision that did not
   * start: then nothing changes.
   */
  follow(targets: readonly TrafficTarget[], revisions: RevisionSet): string | null {
    const broken = namedRevisions(targets).find((name) => revisions.get(name)?.state === 'failed');
    if (broken !== undefined) return broken;
    this.#routes = resolveTraffic(targets, revisions.latestReady, revisions.isReady);
    this.#percents = percentByRevision(this.#routes);
    return null;
  }

  /** The revision for a request to a tag's URL, or to the service's own (null), for this draw from [0, 1). */
  pick(tag: string | null, draw: number): string | null {
    if (tag === null) return drawRevision(this.#percents, draw);
    return this.#routes.find((route) => route.tag === tag)?.revision ?? null;
  }
}
