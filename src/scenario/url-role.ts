import type { Problem } from '../base/errors.ts';
import type { YamlFile } from '../base/yaml.ts';
import type { Contract } from '../contract/contract.ts';
import type { PostgresTarget } from './postgres-target.ts';
import type { Promised } from './read-promise.ts';

/** The role in `postgres.url` is the driven service's: what the contract says of it must agree. */
export function urlRoleProblems(
  target: PostgresTarget,
  { contract, services }: Promised,
  source: YamlFile,
): readonly Problem[] {
  if (target.kind !== 'url') return [];
  const place = source.placeOf(['postgres', 'url']);
  if (services.length > 1)
    return [
      {
        message: `postgres.url is one login, and ${services.length} services run here: that is not built yet in this version`,
        place,
        hint: 'leave target.local.others out',
      },
    ];
  const { match } = contract.services.find(({ name }) => name === services[0]) ?? contract.services[0];
  const { user, database } = target.service;
  const pairs = [
    ['role', match.role, user],
    ['database', match.database, database],
  ] as const;
  return pairs
    .filter(([, promised, given]) => promised !== undefined && promised !== given && given !== '')
    .map(([what, promised, given]) => ({
      message: `the contract knows ${services[0]} by the ${what} "${promised ?? ''}", and postgres.url names "${given}"`,
      place,
    }));
}

/** The contract with the role that the driven service logs in as. */
export function withUrlRole(contract: Contract, target: PostgresTarget, service: string): Contract {
  if (target.kind !== 'url') return contract;
  const [first, ...rest] = contract.services.map((one) =>
    one.name === service ? { ...one, match: { ...one.match, role: target.service.user } } : one,
  );
  return first === undefined ? contract : { ...contract, services: [first, ...rest] };
}
