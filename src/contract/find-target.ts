import type { Problem } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { disagreement } from './disagreement.ts';
import type { ServiceDraft, Sourced } from './service-draft.ts';

/** The names that say which service is run: somebody's choice, and the one in service.yaml. */
export interface TargetNames {
  readonly chosen: Sourced<string> | undefined;
  readonly imported: Sourced<string> | undefined;
}

/** Which of the services is meant: the one of that name, or the only one there is; -1 when nobody says. */
export function findTarget(
  services: readonly ServiceDraft[],
  { chosen, imported }: TargetNames,
): { readonly index: number; readonly problems: readonly Problem[] } {
  const apart = disagreement('the name of the service', chosen, imported);
  if (apart.length > 0) return { index: 0, problems: apart };
  const wanted = chosen ?? imported;
  if (wanted === undefined) return { index: services.length > 1 ? -1 : 0, problems: [] };
  const index = services.findIndex(({ name }) => name === undefined || name.value === wanted.value);
  if (index >= 0) return { index, problems: [] };
  return { index: 0, problems: unknownService(services, wanted) };
}

function unknownService(services: readonly ServiceDraft[], wanted: Sourced<string>): readonly Problem[] {
  if (services.length === 1) return disagreement('the name of the service', services[0]?.name, wanted);
  const names = services.flatMap((service) => service.name?.value ?? []);
  const near = nearest(wanted.value, names);
  const hint = near === undefined ? `declared: ${names.join(', ')}` : `did you mean "${near}"?`;
  return [{ message: `the contract has no service "${wanted.value}"`, place: wanted.place, hint }];
}
