import type { Problem } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { YamlPath } from '../../base/yaml.ts';
import type { ResourceContainer } from '../../contract/cloud-run/resource-container.ts';
import type { ServiceResource } from '../../contract/cloud-run/service-resource.ts';
import type { ServiceInFile } from './local-codec.ts';
import { ingressName } from './local-resource.ts';
import { makeProgram, type ProgramInFile } from './program-codec.ts';
import type { LocalService, Program } from './local-target.ts';
import type { Where } from './where.ts';

/** What the person chose for containers, by name. */
export interface Programs {
  readonly programs: Readonly<Record<string, Program>>;
  readonly problems: readonly Problem[];
}

/**
 * The programs that are run in place of what service.yaml says. A container without one runs what its revision
 * declares, so that a later revision may declare something else.
 */
export function readPrograms(resource: ServiceResource, given: ServiceInFile, where: Where): Programs {
  const containers = resource.template.containers ?? [];
  const ingress = ingressName(resource);
  const said = new Map(Object.entries<ProgramInFile>(given.containers ?? {}));
  const found = containers.map((container) => {
    const name = container.name ?? '';
    const chosen = chosenProgram(container, name === ingress ? given : said.get(name));
    return { name, chosen, isRun: (chosen ?? declaredProgram(container)) !== undefined };
  });
  const missing = found
    .filter(({ isRun }) => !isRun)
    .map(({ name }) => (name === ingress ? missingTarget(where) : missingSidecar(name, where)));
  return {
    programs: Object.fromEntries(
      found.flatMap(({ name, chosen }) => (chosen === undefined ? [] : [[name, chosen]])),
    ),
    problems: [...missing, ...strangers([...said.keys()], { containers, ingress }, where)],
  };
}

/** What is run for every container of a service as it is deployed first, whoever said so. */
export function programsOf({ resource, programs }: LocalService): Readonly<Record<string, Program>> {
  const declared = (resource.template.containers ?? []).flatMap((container) => {
    const program = declaredProgram(container);
    return program === undefined ? [] : [[container.name ?? '', program] as const];
  });
  return { ...Object.fromEntries(declared), ...programs };
}

/** An image given for a container keeps the command that service.yaml has for it. */
function chosenProgram(
  container: ResourceContainer,
  { image, command }: ProgramInFile = {},
): Program | undefined {
  if (image === undefined) return makeProgram({ command });
  return makeProgram({ image, command: command ?? declaredCommand(container) });
}

/** What service.yaml itself says: an image, or a command that is a program of this machine. */
function declaredProgram(container: ResourceContainer): Program | undefined {
  return makeProgram({ image: container.image, command: declaredCommand(container) });
}

/** Arguments alone are given to the image's own entrypoint. */
function declaredCommand({ command = [], args = [] }: ResourceContainer): readonly string[] {
  return command.length > 0 ? [...command, ...args] : [];
}

function missingTarget(where: Where): Problem {
  return {
    message: `${where.name(['command'])}: missing`,
    ...where.at([]),
    hint: 'give the program that starts one instance, an image, or a service.yaml that has one of them',
  };
}

function missingSidecar(name: string, where: Where): Problem {
  return {
    message: `nothing says what to run for the container "${name}"`,
    ...where.at(['containers']),
    hint: `give it a command or an image under containers: { ${name}: ... }`,
  };
}

interface Known {
  readonly containers: readonly ResourceContainer[];
  readonly ingress: string;
}

/** Programs for containers that there are not, or that are given elsewhere. */
function strangers(
  names: readonly string[],
  { containers, ingress }: Known,
  where: Where,
): readonly Problem[] {
  const sidecars = containers.flatMap(({ name }) => (name === ingress ? [] : (name ?? [])));
  return names.flatMap((name): Problem[] => {
    const path: YamlPath = ['containers', name];
    if (sidecars.includes(name)) return [];
    if (name === ingress)
      return [
        {
          message: `${name} takes the requests: its command, image and env stand outside of "containers"`,
          ...where.atKey(path),
        },
      ];
    const near = nearest(name, sidecars);
    const known = sidecars.length === 0 ? 'it declares no other' : `declared: ${sidecars.join(', ')}`;
    const hint = near === undefined ? known : `did you mean "${near}"?`;
    return [{ message: `service.yaml has no container "${name}"`, ...where.atKey(path), hint }];
  });
}
