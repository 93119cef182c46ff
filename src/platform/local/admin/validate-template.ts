import type { RevisionTemplate } from '../../../contract/cloud-run/service-resource.ts';
import type { ResourceContainer } from '../../../contract/cloud-run/resource-container.ts';
import type { ServiceState } from './admin-backend.ts';
import type { Violation } from './api-error.ts';
import { countProblems } from './validate-counts.ts';
import { labelProblems } from './validate-labels.ts';

/** Cloud Run's own limits. */
const maxConcurrency = 1000;
const maxTimeoutSec = 3600;
const maxNameLength = 63;

/** What the platform sets in every container, and what it sets in the one that takes requests. */
const ownVariables = ['K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'];
const ingressVariable = 'PORT';

/** What is wrong with the template of a service's next revision. */
export function templateProblems(template: RevisionTemplate, state: ServiceState): readonly Violation[] {
  const before = state.resource.template;
  return [
    ...nameProblems(template.revision, state.name),
    ...labelProblems('template.labels', template.labels, before.labels),
    ...labelProblems('template.annotations', template.annotations, before.annotations),
    ...countProblems('template.scaling', template.scaling),
    ...rangeProblems(template),
    ...affinityProblems(template),
    ...containerProblems(template.containers ?? []),
  ];
}

function nameProblems(revision: string | undefined, service: string): readonly Violation[] {
  if (revision === undefined) return [];
  const wellFormed =
    revision.startsWith(`${service}-`) &&
    revision.length <= maxNameLength &&
    /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(revision);
  if (wellFormed) return [];
  return [
    {
      field: 'template.revision',
      description: `must start with "${service}-", have lowercase letters, digits and dashes only, not end on a dash, and be at most ${maxNameLength} characters long; got "${revision}"`,
    },
  ];
}

function rangeProblems(template: RevisionTemplate): readonly Violation[] {
  const concurrency = template.maxInstanceRequestConcurrency ?? 0;
  const timeoutSec = Number((template.timeout ?? '300s').replace(/s$/, ''));
  return [
    ...(concurrency < 0 || concurrency > maxConcurrency
      ? [
          {
            field: 'template.maxInstanceRequestConcurrency',
            description: `must be between 0 and ${maxConcurrency}, got ${concurrency}`,
          },
        ]
      : []),
    ...(timeoutSec >= 0 && timeoutSec <= maxTimeoutSec
      ? []
      : [
          {
            field: 'template.timeout',
            description: `must be at most ${maxTimeoutSec}s, got "${template.timeout ?? ''}"`,
          },
        ]),
  ];
}

function affinityProblems({ sessionAffinity }: RevisionTemplate): readonly Violation[] {
  if (sessionAffinity !== true) return [];
  return [{ field: 'template.sessionAffinity', description: 'is not run by this emulator' }];
}

function containerProblems(containers: readonly ResourceContainer[]): readonly Violation[] {
  if (containers.length === 0)
    return [{ field: 'template.containers', description: 'must have at least one container' }];
  const withPorts = containers.filter(({ ports }) => (ports ?? []).length > 0);
  const names = containers.flatMap(({ name }) => name ?? []);
  return [
    ...(containers.length > 1 && withPorts.length !== 1
      ? [
          {
            field: 'template.containers',
            description: `exactly one container must have ports, the one that takes requests; ${withPorts.length} have`,
          },
        ]
      : []),
    ...repeated(names).map((name) => ({
      field: 'template.containers',
      description: `two containers are named "${name}"`,
    })),
    ...containers.flatMap((container, index) => {
      const takesRequests = containers.length === 1 || withPorts.includes(container);
      return oneContainerProblems(container, index, { names, takesRequests });
    }),
  ];
}

function oneContainerProblems(
  container: ResourceContainer,
  index: number,
  { names, takesRequests }: { readonly names: readonly string[]; readonly takesRequests: boolean },
): readonly Violation[] {
  const field = `template.containers[${index}]`;
  return [
    ...(container.ports?.[0]?.name === 'h2c'
      ? [
          {
            field: `${field}.ports`,
            description: 'h2c (HTTP/2 to the container) is not run by this emulator',
          },
        ]
      : []),
    ...reservedProblems(container, field, takesRequests),
    ...repeated((container.env ?? []).map(({ name }) => name)).map((name) => ({
      field: `${field}.env`,
      description: `the variable "${name}" is set twice`,
    })),
    ...(container.dependsOn ?? [])
      .filter((name) => !names.includes(name))
      .map((name) => ({ field: `${field}.dependsOn`, description: `no container is named "${name}"` })),
  ];
}

function reservedProblems(
  { env = [] }: ResourceContainer,
  field: string,
  takesRequests: boolean,
): readonly Violation[] {
  const reserved = takesRequests ? [...ownVariables, ingressVariable] : ownVariables;
  const given = env.map(({ name }) => name).filter((name) => reserved.includes(name));
  if (given.length === 0) return [];
  return [
    {
      field: `${field}.env`,
      description: `The following reserved env names were provided: ${given.join(', ')}. These values are automatically set by the system.`,
    },
  ];
}

function repeated(words: readonly string[]): readonly string[] {
  return [...new Set(words.filter((word, index) => words.indexOf(word) !== index))];
}
