import { countAt, peakOf, type Step } from '../../../evidence/sessions/steps.ts';
import type { Results } from '../../bounds/algebra.ts';
import { bounds, type BoundId } from '../../bounds/bounds.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';
import { instancesPeak } from '../../facts/sessions/peaks.ts';

/** The state of the fleet when the database was first in trouble. */
export interface Pain {
  readonly tUs: number;
  /** The bound that was broken first. */
  readonly boundId: BoundId;
  /** The service's sessions then: their peak within tau_close of it. */
  readonly sessions: number;
  /** Instances alive then. */
  readonly alive: number;
  /** Sessions in each state in the sample next to it, the service's only. */
  readonly states: ReadonlyMap<string, number>;
}

/** Bounds whose violation means that the database, or somebody else at it, is hurt. */
const painful = bounds.filter(({ isPain }) => isPain).map(({ id }) => id);

/** Finds the first moment of pain. */
export function painOf(run: RunFacts, service: ServiceFacts, results: Results): Pain | null {
  const first = painful
    .flatMap((id) => {
      const witness = results.get(id)?.status === 'FAIL' ? results.get(id)?.witness : null;
      return witness === null || witness === undefined ? [] : [{ id, tUs: witness.fromUs }];
    })
    .sort((a, b) => a.tUs - b.tUs)[0];
  if (first === undefined) return null;
  const states = statesAt(run, service, first.tUs);
  const sampled = [...states.values()].reduce((sum, count) => sum + count, 0);
  const peak = peakSoonAfter(service, first.tUs);
  return {
    tUs: first.tUs,
    boundId: first.id,
    sessions: peak?.count ?? sampled,
    alive: service.alive === null ? 0 : countAt(service.alive, peak?.tUs ?? first.tUs),
    states,
  };
}

/** A violation is often seen on the way up: the fleet's shape is that of the moments right after it. */
function peakSoonAfter({ exact, thresholds }: ServiceFacts, tUs: number): Step | null {
  return exact === null ? null : peakOf(exact.steps, tUs, tUs + 1000 * thresholds.tauCloseMs);
}

function statesAt(
  { samples }: RunFacts,
  { contract }: ServiceFacts,
  tUs: number,
): ReadonlyMap<string, number> {
  const sample = samples.find((candidate) => candidate.ok && candidate.tUs >= tUs) ?? samples.at(-1);
  const states = new Map<string, number>();
  for (const row of sample?.rows ?? []) {
    if (row.service !== contract.name) continue;
    const state = row.state ?? 'unknown';
    states.set(state, (states.get(state) ?? 0) + row.count);
  }
  return states;
}

/** How the fleet used its claim: how deep one instance went, and how wide the fleet got. */
export interface Shape {
  /** Most sessions of one instance; null without links. */
  readonly deepest: number | null;
  /** max(n_i) / (P x W). */
  readonly depth: number | null;
  /** Peak of instances alive / N. */
  readonly width: number;
  readonly peakInstances: number;
}

export function shapeOf(service: ServiceFacts): Shape {
  const { contract, perInstance } = service;
  const deepest =
    perInstance.size === 0
      ? null
      : [...perInstance.values()].reduce(
          (most, steps) => steps.reduce((peak, { count }) => Math.max(peak, count), most),
          0,
        );
  const peakInstances = instancesPeak(service);
  return {
    deepest,
    depth: deepest === null ? null : deepest / (contract.poolMax * contract.workersPerInstance),
    width: peakInstances / contract.maxInstances,
    peakInstances,
  };
}

/** This many full instances are still few: where it takes more to fill the server, width did it. */
const few = 4;

/**
 * Whether few instances, each at its own cap, made up the sessions: depth >= 0.9, width < 0.5, at the first pain
 * nearly P x W sessions for each instance alive, and few such instances take all that is not headroom.
 * Otherwise it was many instances, each modest.
 */
export function isDeep(service: ServiceFacts, pain: Pain): boolean {
  const { depth, width } = shapeOf(service);
  const each = service.contract.poolMax * service.contract.workersPerInstance;
  const isFull = pain.sessions >= 0.8 * each * pain.alive;
  return (
    depth !== null && depth >= 0.9 && width < 0.5 && isFull && few * each >= service.thresholds.nonHeadroomMax
  );
}
