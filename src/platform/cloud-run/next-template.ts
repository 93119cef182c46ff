import { canonical, isObject, type JsonObject } from '../json.ts';
import type { DeployChange } from './cloud-run-admin.ts';

/** In a namespace of the project's own: a template that says the same as before would make no new revision. */
const rolloutAnnotation = 'poolproof.dev/rollout';

/**
 * The template of the next revision: the present one, to the letter, with the changes in it. `rollout` is told
 * apart from earlier ones; it is written only where the change alone would leave the template as it is.
 */
export function nextTemplate(template: JsonObject, change: DeployChange, rollout: string): JsonObject {
  const unnamed = withoutName(template);
  const changed: JsonObject = {
    ...unnamed,
    ...(change.env === undefined ? {} : { containers: withEnv(listOf(template['containers']), change.env) }),
    ...scalingOf(objectOf(template['scaling']), change),
    ...(change.concurrency === undefined ? {} : { maxInstanceRequestConcurrency: change.concurrency }),
  };
  const isNew = canonical(changed) !== canonical(unnamed);
  return {
    ...changed,
    ...(isNew ? {} : { annotations: { ...objectOf(template['annotations']), [rolloutAnnotation]: rollout } }),
    ...(change.revision === undefined ? {} : { revision: change.revision }),
  };
}

/** The template without the name of the revision that it made: no other can have that. */
export function withoutName(template: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(template).filter(([key]) => key !== 'revision'));
}

function scalingOf(scaling: JsonObject, { minInstances, maxInstances }: DeployChange): JsonObject {
  if (minInstances === undefined && maxInstances === undefined) return {};
  return {
    scaling: {
      ...scaling,
      ...(minInstances === undefined ? {} : { minInstanceCount: minInstances }),
      ...(maxInstances === undefined ? {} : { maxInstanceCount: maxInstances }),
    },
  };
}

/** The first container with a port takes the requests; where none names one, the first of all. */
function withEnv(containers: readonly unknown[], env: Readonly<Record<string, string>>): readonly unknown[] {
  const ingress = Math.max(
    0,
    containers.findIndex((container) => listOf(objectOf(container)['ports']).length > 0),
  );
  return containers.map((container, index) => {
    if (index !== ingress || !isObject(container)) return container;
    const kept = listOf(container['env']).filter((one) => !Object.hasOwn(env, String(objectOf(one)['name'])));
    const set = Object.entries(env).map(([name, value]) => ({ name, value }));
    return { ...container, env: [...kept, ...set] };
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
