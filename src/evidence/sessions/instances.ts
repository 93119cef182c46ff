import type { InstanceEvent, RunEvent } from '../event.ts';
import { stepsOf, type Step } from './steps.ts';

/** Instances that exist at each moment: from `starting` to `stopped` or `failed`. */
export function instancesAlive(
  events: readonly RunEvent[],
  by: (event: InstanceEvent) => boolean = () => true,
): readonly Step[] {
  return stepsWhile(events, by, ['starting', 'ready', 'stopping']);
}

/** Instances that take requests at each moment: from `ready` until they are told to stop or fail. */
export function readySteps(
  events: readonly RunEvent[],
  by: (event: InstanceEvent) => boolean = () => true,
): readonly Step[] {
  return stepsWhile(events, by, ['ready']);
}

/** Counts the instances whose latest state is one of these; a repeated state counts once. */
function stepsWhile(
  events: readonly RunEvent[],
  by: (event: InstanceEvent) => boolean,
  states: readonly InstanceEvent['state'][],
): readonly Step[] {
  const counted = new Set<string>();
  const changes: { tUs: number; delta: number }[] = [];
  for (const event of events) {
    if (event.kind !== 'instance' || !by(event)) continue;
    const key = `${event.service}/${event.revision}/${event.instance}`;
    const counts = states.includes(event.state);
    if (counts === counted.has(key)) continue;
    changes.push({ tUs: event.t_us, delta: counts ? 1 : -1 });
    if (counts) counted.add(key);
    else counted.delete(key);
  }
  return stepsOf(changes);
}
