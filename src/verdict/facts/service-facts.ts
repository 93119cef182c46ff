import type { ServiceContract } from '../../contract/contract.ts';
import { deriveThresholds, type Setting, type Thresholds } from '../../contract/thresholds.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { instancesAlive } from '../../evidence/sessions/instances.ts';
import type { Step } from '../../evidence/sessions/steps.ts';
import {
  exactSessions,
  sessionsPerInstance,
  sessionsPerRevision,
  type ExactSessions,
} from './sessions/exact-sessions.ts';
import { overlapWindows, type OverlapWindow } from './platform/overlap-windows.ts';

/** What is known of one declared service. */
export interface ServiceFacts {
  /** As it was declared. */
  readonly contract: ServiceContract;
  readonly thresholds: Thresholds;
  readonly exact: ExactSessions | null;
  readonly perInstance: ReadonlyMap<string, readonly Step[]>;
  readonly perRevision: ReadonlyMap<string, readonly Step[]>;
  /** Instances alive at each moment; null where it is not known. */
  readonly alive: readonly Step[] | null;
  /** When two of its revisions were there at once; none where nothing was deployed during the run. */
  readonly overlaps: readonly OverlapWindow[];
}

/** Derives what is known of one service. */
export function serviceFacts(
  evidence: Evidence,
  service: ServiceContract,
  setting: Setting,
  endUs: number,
): ServiceFacts {
  const { events } = evidence;
  const thresholds = thresholdsOf(evidence, service, setting);
  return {
    contract: service,
    thresholds,
    exact: exactSessions(events, service.name, roleOf(evidence, service)),
    perInstance: sessionsPerInstance(events, service.name),
    perRevision: sessionsPerRevision(events, service.name),
    alive: events.some((event) => event.kind === 'instance')
      ? instancesAlive(events, (event) => event.service === service.name)
      : null,
    overlaps: overlapWindows(events, service.name, thresholds.drainMs, endUs),
  };
}

/** The declared services besides this one of which anything was seen. */
export function othersSeen(evidence: Evidence, driven: ServiceContract): readonly ServiceContract[] {
  const others = evidence.run.contract.services.filter(({ name }) => name !== driven.name);
  if (others.length === 0) return [];
  const seen = new Set<string | null>(evidence.backends.map((row) => row.service));
  const roles = new Set<string | null>();
  for (const event of evidence.events) {
    if (event.kind === 'link' || event.kind === 'instance') seen.add(event.service);
    if (event.kind === 'log') roles.add(event.role);
  }
  return others.filter(({ name, match }) => seen.has(name) || roles.has(match.role ?? ''));
}

/** Knative keeps a request until the revision's own timeout; Cloud Run gives up on it sooner. */
function thresholdsOf({ run }: Evidence, service: ServiceContract, setting: Setting): Thresholds {
  const derived = deriveThresholds(service, setting);
  if (run.platform.kind !== 'local' || run.platform.profile !== 'knative') return derived;
  return { ...derived, pendingMs: derived.requestMs, failPlatformMs: derived.requestMs + derived.epsMs };
}

/**
 * The role that the service logs in as: declared, or the one the sampler saw under the service's name. A role that
 * several services share tells nothing of any of them.
 */
function roleOf(evidence: Evidence, service: ServiceContract): string | null {
  const role = ownRole(evidence, service);
  const others = evidence.run.contract.services.filter(({ name }) => name !== service.name);
  return others.some((other) => ownRole(evidence, other) === role) ? null : role;
}

function ownRole({ backends }: Evidence, service: ServiceContract): string | null {
  const seen = backends.find((row) => row.service === service.name && row.role !== null);
  return service.match.role ?? seen?.role ?? null;
}
