import type { Problem } from '../../base/errors.ts';
import type { YamlFile } from '../../base/yaml.ts';
import { checkNames } from '../language/check-names.ts';
import { checkTrafficPhase } from './check-traffic-phase.ts';
import { exampleStates } from './process-codec.ts';
import type { TrafficInFile } from './traffic-codec.ts';
import { changesOf, expectedArrivals, mostArrivals, mostChanges } from './traffic-count.ts';
import type { Phase, Traffic } from './traffic.ts';

/** Phases are told apart by their names. */
export function checkPhaseNames({ phases }: TrafficInFile, source: YamlFile): readonly Problem[] {
  return checkNames('phase', phases, ['traffic', 'phases'], source);
}

/** What no shape can check: phases that make sense, by themselves and with the rest of `traffic:`. */
export function checkPhases(traffic: TrafficInFile, source: YamlFile): readonly Problem[] {
  return [
    ...stateProblems(traffic, source),
    ...traffic.phases.flatMap((phase, index) => checkTrafficPhase(phase, index, traffic, source)),
  ];
}

/** Refuses a plan without arrivals, and one with more than a machine can hold. */
export function checkArrivals({ phases }: Traffic, source: YamlFile): readonly Problem[] {
  return [
    ...countProblems(phases, source),
    ...phases.flatMap((phase, index) => changeProblems(phase, index, source)),
  ];
}

function countProblems(phases: Traffic['phases'], source: YamlFile): readonly Problem[] {
  const place = source.placeOfKey(['traffic', 'phases']);
  const expected = sumOf(phases.map(expectedArrivals));
  const isClosed = phases.some(({ shape }) => shape.kind === 'closed');
  if (expected < 1 && !isClosed) return [{ message: 'the phases together plan no arrivals', place }];
  if (expected <= mostArrivals) return [];
  const message = `the phases plan ${Math.round(expected)} arrivals, more than ${mostArrivals}`;
  return [{ message, place, hint: 'shorten the phases or lower their rates' }];
}

function changeProblems(phase: Phase, index: number, source: YamlFile): readonly Problem[] {
  const changes = changesOf(phase);
  if (changes <= mostChanges) return [];
  const path = ['traffic', 'phases', index];
  const message = `${path.join('.')}: its rate changes ${Math.round(changes)} times, more than ${mostChanges}`;
  return [
    {
      message,
      place: source.placeOf(path),
      hint: 'shorten the phase, or let each spike or state last longer',
    },
  ];
}

/** States of an mmpp that are missing, or that nothing uses. */
function stateProblems({ mmpp, arrivals, phases }: TrafficInFile, source: YamlFile): readonly Problem[] {
  const isMmpp = arrivals === 'mmpp';
  const isUsed = isMmpp || phases.some((phase) => phase.arrivals === 'mmpp' && phase.mmpp === undefined);
  if (isMmpp && mmpp === undefined) {
    const place = source.placeOfKey(['traffic', 'arrivals']);
    return [{ message: 'traffic.arrivals: mmpp needs its states', place, hint: exampleStates }];
  }
  if (isUsed || mmpp === undefined) return [];
  const message = 'traffic.mmpp: the arrivals are not mmpp, here or in any phase without states of its own';
  const hint = 'set arrivals: mmpp, or leave mmpp out';
  return [{ message, place: source.placeOfKey(['traffic', 'mmpp']), hint }];
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
