import { EnvironmentError } from '../../base/errors.ts';
import type { FaultAction } from '../fault-action.ts';
import type { ServiceState, TrafficShare } from '../fault-target.ts';

/** Splits traffic between revisions. Confirmed when the platform reports this split. */
export const revisionTraffic: FaultAction<'revision.traffic'> = {
  kind: 'revision.traffic',
  apply: async ({ kind, percent }, { target, service }) => {
    const lines = sharesOf(percent, await target.look(service));
    const before = await target.snapshot(service);
    await target.traffic(service, lines);
    return {
      detail: `${kind}: ${lines.map((line) => `${line.percent} % to ${line.revision ?? 'the latest'}`).join(', ')}`,
      confirm: async () => {
        const state = await target.look(service);
        return isRouted(lines, state) ? `routed: ${describe(state)}` : null;
      },
      undo: async () => {
        await before.restore(['traffic']);
        return `${service}: the traffic is what it was`;
      },
    };
  },
};

/** `latest` follows the newest ready revision; `previous` is the ready one before it. */
export function sharesOf(
  percent: Readonly<Record<string, number>>,
  { latestReady, revisions }: ServiceState,
): readonly TrafficShare[] {
  const ready = revisions.filter((revision) => revision.ready).map(({ name }) => name);
  const previous = ready[ready.indexOf(latestReady ?? '') + 1];
  return Object.entries(percent).map(([word, share]) => {
    if (word === 'latest') return { revision: null, percent: share };
    if (word !== 'previous') return { revision: word, percent: share };
    if (previous === undefined)
      throw new EnvironmentError([{ message: 'there is no previous revision that is ready' }]);
    return { revision: previous, percent: share };
  });
}

/** Each revision has exactly the share that its lines ask for. */
function isRouted(lines: readonly TrafficShare[], state: ServiceState): boolean {
  const wanted = byRevision(
    lines.map(({ revision, percent }) => [revision ?? state.latestReady ?? '', percent]),
  );
  const routed = byRevision(state.traffic.map(({ revision, percent }) => [revision, percent]));
  return [...new Set([...wanted.keys(), ...routed.keys()])].every(
    (name) => (wanted.get(name) ?? 0) === (routed.get(name) ?? 0),
  );
}

function byRevision(shares: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, percent] of shares) sums.set(name, (sums.get(name) ?? 0) + percent);
  return sums;
}

function describe({ traffic }: ServiceState): string {
  return traffic.map(({ revision, percent }) => `${percent} % ${revision}`).join(', ');
}
