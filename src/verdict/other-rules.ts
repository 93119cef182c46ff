import type { Contract } from '../contract/contract.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Assertion } from '../scenario/conditions/rules.ts';

/** Limits of its own that a run is judged by, in place of what its contract says. What the server was is no promise. */
export interface OwnLimits {
  readonly acquireTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly deadlineMs?: number;
}

/** Other rules than those a run was made with. */
export interface OtherRules {
  /** The file it came from, as it was named; null where the run's own contract counts. */
  readonly contract: { readonly file: string; readonly value: Contract } | null;
  readonly rules: {
    readonly file: string;
    /** In place of the run's own; null where those count. */
    readonly assertions: readonly Assertion[] | null;
    readonly limits: OwnLimits;
  } | null;
}

/** By which rules a summary was made: files that took the place of the run's own. */
export interface JudgedBy {
  readonly contract: string | null;
  readonly rules: string | null;
}

/** The same recording with another promise. How a service's sessions are recognised stays as it was seen. */
export function underOtherRules(evidence: Evidence, { contract, rules }: OtherRules): Evidence {
  const { run } = evidence;
  const promised = contract === null ? run.contract : withRecordedMatches(contract.value, run.contract);
  const limits = rules?.limits ?? {};
  const { deadlineMs, ...timeouts } = limits;
  const services = promised.services.map((service) =>
    service.name === run.platform.service ? { ...service, ...timeouts } : service,
  );
  const [first, ...others] = services;
  if (first === undefined) throw new RangeError('a contract has a service');
  return {
    ...evidence,
    run: {
      ...run,
      contract: { ...promised, services: [first, ...others] },
      client: deadlineMs === undefined ? run.client : { ...run.client, deadline_ms: deadlineMs },
    },
  };
}

type Recorded = Evidence['run']['contract'];

function withRecordedMatches({ services, headroom, assumed }: Contract, recorded: Recorded): Recorded {
  const [first, ...others] = services.map((service) => {
    const known = recorded.services.find(({ name }) => name === service.name);
    const match = Object.keys(service.match).length > 0 ? service.match : (known?.match ?? {});
    return { ...service, match };
  });
  if (first === undefined) throw new RangeError('a contract has a service');
  return { services: [first, ...others], headroom: [...headroom], assumed: [...assumed] };
}

/** What a summary says of it; both null where the run's own rules counted. */
export function judgedByOf(rules: OtherRules | null): JudgedBy {
  return { contract: rules?.contract?.file ?? null, rules: rules?.rules?.file ?? null };
}
