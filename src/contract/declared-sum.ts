import type { Problem } from '../base/errors.ts';
import { claimOf } from './budget.ts';
import type { Contract, ServiceContract } from './contract.ts';
import type { ContractDraft } from './contract-draft.ts';

/** The sums that somebody wrote down and that the arithmetic contradicts, each with the whole sum. */
export function declaredSumProblems(
  draft: ContractDraft | undefined,
  contract: Contract,
): readonly Problem[] {
  const claim = contract.services.reduce((total, service) => total + claimOf(service), 0);
  const headroom = contract.headroom.reduce((total, line) => total + line.slots, 0);
  return [
    ...contradiction('worst_case_service_connections', draft?.worstCase, claim, claimSum(contract)),
    ...contradiction(
      'total_planned_pressure',
      draft?.totalPlanned,
      claim + headroom,
      `${claimSum(contract)}, and ${claim} + ${headroomSum(contract)} of headroom = ${claim + headroom}`,
    ),
  ];
}

function contradiction(
  key: string,
  declared: ContractDraft['worstCase'],
  actual: number,
  sum: string,
): readonly Problem[] {
  if (declared === undefined || declared.value === actual) return [];
  const message = `budget.${key}: ${declared.value} is declared, but the sum is ${actual}: ${sum}`;
  return [{ message, place: declared.place }];
}

/** "api 8 instances x 1 worker x 4 sessions = 32", and the total where there are several services. */
export function claimSum(contract: Contract): string {
  const parts = contract.services.map((service) => `${claimTerms(service)} = ${claimOf(service)}`);
  if (parts.length === 1) return parts.join('');
  const total = contract.services.reduce((sum, service) => sum + claimOf(service), 0);
  return `${parts.join('; ')}; together ${total}`;
}

function claimTerms(service: ServiceContract): string {
  const { name, maxInstances, workersPerInstance, poolMax, backgroundSessions } = service;
  const fleet = [
    counted(maxInstances, 'instance'),
    counted(workersPerInstance, 'worker'),
    counted(poolMax, 'session'),
  ].join(' x ');
  return `${name} ${fleet}${backgroundSessions > 0 ? ` + ${backgroundSessions} in the background` : ''}`;
}

function headroomSum(contract: Contract): string {
  const slots = contract.headroom.map((line) => line.slots);
  return slots.length > 1 ? `(${slots.join(' + ')})` : String(slots[0] ?? 0);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
