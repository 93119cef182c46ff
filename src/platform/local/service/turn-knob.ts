import type { Random } from '../../../base/random.ts';
import type { RunningInstance } from '../instance/running-instance.ts';
import type { Knob } from '../../../plan/knob.ts';
import type { FleetFactory } from './fleet-factory.ts';
import type { Revision } from './revision.ts';
import type { LinkKnob } from './turn-links.ts';

/** Turns one knob of a service's instances; yields what was done, in words. */
export function turnKnob(
  knob: Exclude<Knob, LinkKnob>,
  revisions: readonly Revision[],
  { knobs }: FleetFactory,
  random: Random,
): string {
  switch (knob.knob) {
    case 'kill':
      return named(
        'killed',
        eachOf(drawn(revisions, knob.count, random), (instance) => instance.kill()),
      );
    case 'hang':
      return named(
        'hung',
        eachOf(drawn(revisions, knob.count, random), (instance) => instance.hang()),
      );
    case 'resume':
      return named(
        'resumed',
        eachOf(all(revisions), (instance) => instance.resume()),
      );
    case 'over_max':
      knobs.overMax = knob.factor;
      for (const { fleet } of revisions) fleet.overMax(knob.factor);
      return `up to ${knob.factor} times the maximum`;
    case 'slow_start':
      knobs.extraDelayMs = knob.delayMs;
      return startsTake(knob.delayMs);
    case 'fail_start':
      knobs.failStart = knob.on;
      return knob.on ? 'every start fails' : 'starts work again';
    case 'reject':
      knobs.reject = knob.on;
      for (const { fleet } of revisions) fleet.rejectAtOnce(knob.on);
      return knob.on ? 'requests without a place are refused at once' : 'requests wait for a place again';
  }
}

function startsTake(delayMs: number): string {
  return delayMs === 0 ? 'starts take as long as they do' : `every start takes ${delayMs} ms longer`;
}

function all(revisions: readonly Revision[]): readonly RunningInstance[] {
  return revisions.flatMap(({ fleet }) => fleet.instances.map(({ instance }) => instance));
}

/** Draws `count` instances that are not stopping, at random, ready ones first. */
function drawn(revisions: readonly Revision[], count: number, random: Random): readonly RunningInstance[] {
  return revisions
    .flatMap(({ fleet }) => fleet.instances)
    .filter(({ state }) => state !== 'stopping')
    .map(({ instance, state }) => ({ instance, rank: random() - Number(state === 'ready') }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ instance }) => instance);
}

function eachOf(
  instances: readonly RunningInstance[],
  act: (instance: RunningInstance) => void,
): readonly RunningInstance[] {
  for (const instance of instances) act(instance);
  return instances;
}

function named(what: string, instances: readonly RunningInstance[]): string {
  const ids = instances.map(({ id }) => id).join(', ');
  return instances.length === 0 ? `nothing ${what}: no instance is there` : `${what} ${ids}`;
}
