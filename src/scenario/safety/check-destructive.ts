import type { Problem } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { databaseFaults, destructiveFaults, processFaults } from '../chaos/faults/fault-needs.ts';
import type { ScenarioFile } from '../scenario-file.ts';

/** Faults that need a word in `safety:`, and faults that this server could never be hurt by. */
export function checkDestructive(file: ScenarioFile, source: YamlFile): readonly Problem[] {
  const steps = (file.chaos ?? []).flatMap(({ do: fault }, index) => {
    const message = isForeign(file) ? wrongOnForeign(fault, file) : wrongAnywhere(fault, file);
    return message === null ? [] : [{ ...message, place: source.placeOf(['chaos', index, 'do']) }];
  });
  return [...steps, ...unknownNames(file, source)];
}

/** Whether poolproof did not start the server. */
function isForeign({ postgres }: ScenarioFile): boolean {
  return postgres?.url !== undefined || postgres?.cloud_sql !== undefined;
}

function placeOf({ postgres }: ScenarioFile): string {
  return postgres?.url === undefined ? 'postgres.cloud_sql' : 'postgres.url';
}

function hasAdmin({ postgres }: ScenarioFile): boolean {
  return (postgres?.url === undefined ? postgres?.cloud_sql?.admin : postgres.admin_url) !== undefined;
}

type Refusal = Pick<Problem, 'message' | 'hint'>;

function wrongAnywhere(fault: string, { postgres, safety }: ScenarioFile): Refusal | null {
  // What stands on a server's command line wins over whatever the system is altered to.
  if (fault === 'db.max_connections' && postgres?.container !== undefined)
    return {
      message: `${fault}: a server in a container has its max_connections for the whole run`,
      hint: 'use postgres.embedded',
    };
  if (fault !== 'exec' || safety?.allow_exec === true) return null;
  return {
    message: 'exec runs a command of this machine, which nobody has allowed',
    hint: 'safety: { allow_exec: true } allows it',
  };
}

function wrongOnForeign(fault: string, file: ScenarioFile): Refusal | null {
  if (processFaults.includes(fault))
    return {
      message: `${fault} needs the processes of the server, which are out of reach on ${placeOf(file)}`,
      hint: 'use postgres.embedded or postgres.container',
    };
  if (databaseFaults.includes(fault) && !hasAdmin(file))
    return {
      message: `${fault} needs a role that may administer the server`,
      hint: `name one as ${file.postgres?.url === undefined ? 'postgres.cloud_sql.admin' : 'postgres.admin_url'}`,
    };
  if (destructiveFaults.includes(fault) && file.safety?.allow_destructive?.includes(fault) !== true)
    return {
      message: `${fault} does harm on a server that poolproof did not start`,
      hint: `safety: { allow_destructive: [${fault}] } allows it`,
    };
  return wrongAnywhere(fault, file);
}

function unknownNames({ safety }: ScenarioFile, source: YamlFile): readonly Problem[] {
  const names = safety?.allow_destructive ?? [];
  return names.flatMap((name, index): readonly Problem[] => {
    if (destructiveFaults.includes(name)) return [];
    const path: YamlPath = ['safety', 'allow_destructive', index];
    const near = nearest(name, destructiveFaults);
    const hint = near === undefined ? `known: ${destructiveFaults.join(', ')}` : `did you mean "${near}"?`;
    return [{ message: `"${name}" is no fault that does harm`, place: source.placeOf(path), hint }];
  });
}
