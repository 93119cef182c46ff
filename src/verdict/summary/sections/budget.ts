import type { RunFacts } from '../../facts/run-facts.ts';
import type { Summary } from '../summary.ts';

/** The declared sum, written out. */
export function budgetIn({ budget, record, headroom }: RunFacts): Summary['budget'] {
  const { maxConnections, superuserReserved, reservedConnections } = record.limits;
  const reserved = superuserReserved + reservedConnections;
  const terms = record.contract.services.map(
    (each) =>
      `${each.maxInstances} x ${each.workersPerInstance} x ${each.poolMax}${each.backgroundSessions > 0 ? ` + ${each.backgroundSessions}` : ''}`,
  );
  const sign = budget.fitsSteady ? '<=' : '>';
  return {
    max_connections: maxConnections,
    reserved,
    usable: budget.usable,
    headroom,
    claim: budget.claim,
    claim_overlap: budget.claimOverlap,
    planned: budget.planned,
    fits: budget.fitsSteady,
    accepted_overcommit: record.accept_overcommit,
    sum: `${[...terms, String(headroom)].join(' + ')} = ${budget.planned} ${sign} ${budget.usable} = ${maxConnections} - ${reserved}`,
    services: budget.services.map(({ name, claim, claimOverlap }) => ({
      service: name,
      claim,
      claim_overlap: claimOverlap,
    })),
  };
}
