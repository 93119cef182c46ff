import type { Problem } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import type { StepInFile } from '../chaos/chaos-codec.ts';
import { faultNames, faultNeeds } from '../chaos/faults.ts';
import type { PostgresInFile } from '../postgres/postgres-codec.ts';
import type { SafetyInFile } from './safety-codec.ts';

/** What the faults would be inflicted on, and what is allowed there. */
interface Ground {
  readonly postgres: PostgresInFile;
  readonly safety: SafetyInFile;
}

/** What needs a role that may administer the server changes, ends or takes what is not the harness's own. */
const destructiveFaults: readonly string[] = faultNames.filter((name) => faultNeeds(name, 'admin_role'));

/** Faults that need a word in `safety:`, and faults that can't be inflicted on this server. */
export function checkDestructive(
  steps: readonly StepInFile[],
  ground: Ground,
  source: YamlFile,
): readonly Problem[] {
  const refused = steps.flatMap(({ do: fault }, index) => {
    const refusal = isForeign(ground) ? wrongOnForeign(fault, ground) : wrongAnywhere(fault, ground);
    return refusal === null ? [] : [{ ...refusal, place: source.placeOf(['chaos', index, 'do']) }];
  });
  return [...refused, ...unknownNames(ground.safety, source)];
}

/** Whether poolproof did not start the server. */
function isForeign({ postgres: { url, cloud_sql } }: Ground): boolean {
  return url !== undefined || cloud_sql !== undefined;
}

type Refusal = Pick<Problem, 'message' | 'hint'>;

function wrongAnywhere(fault: string, { postgres, safety }: Ground): Refusal | null {
  // What stands on a server's command line wins over whatever the system is altered to.
  if (fault === 'db.max_connections' && postgres.container !== undefined)
    return {
      message: `${fault}: a server in a container has its max_connections for the whole run`,
      hint: 'use postgres.embedded',
    };
  if (fault !== 'exec' || safety.allow_exec === true) return null;
  return {
    message: 'exec runs a command of this machine, which nobody has allowed',
    hint: 'safety: { allow_exec: true } allows it',
  };
}

function wrongOnForeign(fault: string, ground: Ground): Refusal | null {
  const { postgres, safety } = ground;
  const hasUrl = postgres.url !== undefined;
  if (faultNeeds(fault, 'processes'))
    return {
      message: `${fault} needs the processes of the server, which are out of reach on ${hasUrl ? 'postgres.url' : 'postgres.cloud_sql'}`,
      hint: 'use postgres.embedded or postgres.container',
    };
  const admin = hasUrl ? postgres.admin_url : postgres.cloud_sql?.admin;
  if (faultNeeds(fault, 'admin_role') && admin === undefined)
    return {
      message: `${fault} needs a role that may administer the server`,
      hint: `name one as ${hasUrl ? 'postgres.admin_url' : 'postgres.cloud_sql.admin'}`,
    };
  if (destructiveFaults.includes(fault) && safety.allow_destructive?.includes(fault) !== true)
    return {
      message: `${fault} does harm on a server that poolproof did not start`,
      hint: `safety: { allow_destructive: [${fault}] } allows it`,
    };
  return wrongAnywhere(fault, ground);
}

function unknownNames({ allow_destructive: names = [] }: SafetyInFile, source: YamlFile): readonly Problem[] {
  return names.flatMap((name, index): readonly Problem[] => {
    if (destructiveFaults.includes(name)) return [];
    const path: YamlPath = ['safety', 'allow_destructive', index];
    const near = nearest(name, destructiveFaults);
    const hint = near === undefined ? `known: ${destructiveFaults.join(', ')}` : `did you mean "${near}"?`;
    return [{ message: `"${name}" is no fault that does harm`, place: source.placeOf(path), hint }];
  });
}
