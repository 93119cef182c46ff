import type { ServiceContract } from '../../contract/contract.ts';
import { secretsOf } from '../../contract/cloud-run/import-resource.ts';
import { compact } from '../../contract/cloud-run/reading.ts';
import { revisionSpecOf } from '../../contract/cloud-run/revision-spec.ts';
import {
  trafficTypes,
  type RevisionTemplate,
  type ServiceResource,
} from '../../contract/cloud-run/service-resource.ts';
import type { ResourceContainer } from '../../contract/cloud-run/resource-container.ts';
import { isRefused, isReplaced, type EnvKind } from './instance-env.ts';

type Env = Readonly<Record<string, string>>;

/** A service without service.yaml: one container, the rest is the contract's. */
export function plainResource(name: string): ServiceResource {
  return { template: { containers: [{ name }] } };
}

/** Gives every container the name that the emulator knows it by. */
export function withNames(resource: ServiceResource): ServiceResource {
  const { containers } = revisionSpecOf(resource.template);
  const given = resource.template.containers ?? [{}];
  return withContainers(
    resource,
    given.map((one, index) => ({ ...one, name: containers[index]?.name ?? 'app' })),
  );
}

/** The name of the container that takes the requests. */
export function ingressName({ template }: ServiceResource): string {
  const { containers } = revisionSpecOf(template);
  return (containers.find(({ ingress }) => ingress) ?? containers[0]).name;
}

/**
 * Lays environments over those of the containers, by their names; the later one wins. What would never arrive in
 * the container that takes the requests is taken out.
 */
export function withEnv(
  resource: ServiceResource,
  own: Readonly<Record<string, Env>>,
  hasDatabase: boolean,
): ServiceResource {
  const kindOf = envKinds(resource, hasDatabase);
  return withContainers(
    resource,
    (resource.template.containers ?? []).map((container) => {
      const kept = (container.env ?? []).filter((one) => !isLost(one, kindOf(container)));
      const env = mergeEnv(kept, own[container.name ?? ''] ?? {});
      return compact({ ...container, env: env.length === 0 ? undefined : env });
    }),
  );
}

/** The declared variables that the emulator has its own for, each once. */
export function lostVariables(resource: ServiceResource, hasDatabase: boolean): readonly string[] {
  const kindOf = envKinds(resource, hasDatabase);
  const lost = (resource.template.containers ?? []).flatMap((container) =>
    (container.env ?? []).filter((one) => isLost(one, kindOf(container))).map(({ name }) => name),
  );
  return [...new Set(lost)];
}

function envKinds(
  resource: ServiceResource,
  hasDatabase: boolean,
): (container: ResourceContainer) => EnvKind {
  const ingress = ingressName(resource);
  return ({ name }) => ({ isIngress: name === ingress, hasDatabase });
}

function isLost({ name, value }: EnvVariable, kind: EnvKind): boolean {
  return isRefused(name, value ?? '', kind);
}

type EnvVariable = NonNullable<ResourceContainer['env']>[number];

/** The secrets that a service can't run without: others belong to variables that the emulator has its own for. */
export function neededSecrets(resource: ServiceResource, hasDatabase: boolean): readonly string[] {
  const kindOf = envKinds(resource, hasDatabase);
  const containers = (resource.template.containers ?? []).map((container) => ({
    ...container,
    env: (container.env ?? []).filter(({ name }) => !isReplaced(name, kindOf(container))),
  }));
  return secretsOf(withContainers(resource, containers));
}

function mergeEnv(
  declared: NonNullable<ResourceContainer['env']>,
  own: Env,
): NonNullable<ResourceContainer['env']> {
  const names = declared.map(({ name }) => name);
  const changed = declared.map((one) => {
    const value = Object.hasOwn(own, one.name) ? own[one.name] : undefined;
    return value === undefined ? one : { name: one.name, value };
  });
  const added = Object.entries(own).filter(([name]) => !names.includes(name));
  return [...changed, ...added.map(([name, value]) => ({ name, value }))];
}

function withContainers(resource: ServiceResource, containers: ResourceContainer[]): ServiceResource {
  return { ...resource, template: { ...resource.template, containers } };
}

/** Fills what the service leaves open with what the contract says, so that the emulator can't disagree with it. */
export function fillFromContract(resource: ServiceResource, contract: ServiceContract): ServiceResource {
  const { template } = resource;
  const scaling = scalingOf(resource, contract);
  return {
    ...resource,
    template: {
      ...template,
      ...(scaling === undefined ? {} : { scaling }),
      timeout: template.timeout ?? `${contract.requestTimeoutMs / 1000}s`,
      maxInstanceRequestConcurrency: isGiven(template.maxInstanceRequestConcurrency)
        ? template.maxInstanceRequestConcurrency
        : contract.containerConcurrency,
    },
  };
}

/** A cap of the service's own, or a fixed count, leaves nothing open for its revisions. */
function scalingOf(
  { template, scaling }: ServiceResource,
  contract: ServiceContract,
): RevisionTemplate['scaling'] {
  const own = template.scaling ?? {};
  if (scaling?.scalingMode === 'MANUAL') return template.scaling;
  const needsMax = !isGiven(own.maxInstanceCount) && !isGiven(scaling?.maxInstanceCount);
  const isMinGiven = own.minInstanceCount !== undefined || scaling?.minInstanceCount !== undefined;
  const filled = {
    ...own,
    ...(needsMax ? { maxInstanceCount: contract.maxInstances } : {}),
    ...(isMinGiven || contract.minInstances === 0 ? {} : { minInstanceCount: contract.minInstances }),
  };
  return Object.keys(filled).length === 0 ? undefined : filled;
}

/** 0 stands for the platform's default. */
function isGiven(value: number | undefined): boolean {
  return value !== undefined && value > 0;
}

/** The traffic as it can be here, where the first revision is the only one. */
export interface FirstTraffic {
  readonly resource: ServiceResource;
  readonly warnings: readonly string[];
}

/** Hands the share of revisions that exist elsewhere to the newest one. */
export function withFirstTraffic(resource: ServiceResource): FirstTraffic {
  const own = resource.template.revision;
  const given = resource.traffic ?? [];
  const isElsewhere = (revision: string | undefined): boolean => revision !== undefined && revision !== own;
  const lost = given.filter(({ revision }) => isElsewhere(revision));
  if (lost.length === 0) return { resource, warnings: [] };
  const percent = lost.reduce((sum, one) => sum + (one.percent ?? 0), 0);
  const kept = given.filter(({ revision }) => !isElsewhere(revision));
  const at = kept.findIndex(({ type, tag }) => type === trafficTypes.latest && tag === undefined);
  const latest = { type: trafficTypes.latest, percent: percent + (kept[at]?.percent ?? 0) };
  const others = kept.filter((_, index) => index !== at);
  return {
    resource: { ...resource, traffic: latest.percent === 0 ? others : [latest, ...others] },
    warnings: lost.map(
      ({ revision = '', percent: share = 0, tag }) =>
        `the revision ${revision} does not exist here: its ${share} % of the traffic go to the newest one` +
        (tag === undefined ? '' : `, and its tag ${tag} is left out`),
    ),
  };
}
