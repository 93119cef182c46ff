import type { RevisionTemplate, ServiceResource } from '../../../../contract/cloud-run/service-resource.ts';
import { findService, types, type AdminApi, type ApiRequest, type Method } from '../admin-api.ts';
import type { ServiceState, FailedCondition } from '../admin-backend.ts';
import { ApiError, invalidArgument } from '../api-error.ts';
import { completeTemplate } from '../complete-resource.ts';
import { completeTraffic } from '../complete-resource.ts';
import { makeEtag, sameEtag } from '../etag.ts';
import { applyPaths, readMask } from '../field-mask.ts';
import { canonical, type JsonObject } from '../../../json.ts';
import { normalize } from '../normalize.ts';
import type { Ending } from '../operations.ts';
import { renderService } from '../render-service.ts';
import { serviceName } from '../resource-name.ts';
import { validateService } from '../validate-service.ts';

export const updateService: Method = {
  answers: types.operation,
  handle: (api, request) => {
    const { name, parameters, body } = request;
    if (parameters.allowMissing && api.backend.service(name.service) === null)
      throw new ApiError(
        'UNIMPLEMENTED',
        'allowMissing: this emulator runs the services it was started with',
      );
    const state = findService(api, name.service);
    checkSame(api, state, body, parameters.etag);
    const wanted = wantedResource(api, state, request);
    if (parameters.validateOnly) {
      const shown = renderService(api.schema, api.backend, { ...state, resource: wanted });
      return api.operations.begin(types.service, shown, () => Promise.resolve({ shown, error: null }));
    }
    const before = renderService(api.schema, api.backend, state);
    return api.operations.begin(types.service, before, () => apply(api, state.name, wanted));
  },
};

/** The service that the body means must be the one of the path, in the state that the client last read. */
function checkSame(api: AdminApi, state: ServiceState, body: JsonObject, parameter: string): void {
  const full = serviceName(api.backend, state.name);
  const { name, etag } = body;
  if (name !== undefined && name !== '' && name !== full)
    throw invalidArgument([{ field: 'service.name', description: `must be "${full}" as in the path` }]);
  const given = typeof etag === 'string' && etag !== '' ? etag : parameter;
  const current = makeEtag(state.uid, state.generation);
  if (given === '' || sameEtag(given, current)) return;
  throw new ApiError(
    'ABORTED',
    `Conflict for resource '${state.name}': version '${given}' was specified but current version is '${current}'.`,
  );
}

function wantedResource(
  { schema }: AdminApi,
  state: ServiceState,
  { body, parameters }: ApiRequest,
): ServiceResource {
  const type = schema.message(types.service);
  const change = normalize(schema, type, body);
  if (change.violations.length > 0) throw invalidArgument(change.violations);
  const current = normalize(schema, type, state.resource).json;
  const mask = readMask(parameters.updateMask, type, current, change.json);
  if (mask.violations.length > 0) throw invalidArgument(mask.violations);
  const merged = applyPaths(state.resource, change.json, mask.paths);
  const changed = new Set(mask.paths.flatMap(([root]) => root ?? []));
  const traffic = merged['traffic'];
  const wanted = validateService(
    Array.isArray(traffic) ? { ...merged, traffic: completeTraffic(traffic as never) } : merged,
    changed,
    state,
  );
  return withKnownTemplate(wanted, state, (template) =>
    canonical(normalize(schema, schema.message(templateType), completeTemplate(template)).json),
  );
}

const templateType = 'google.cloud.run.v2.RevisionTemplate';

/**
 * A template that says the same as the present one is the present one: a client that reads a service and
 * writes it back, with the defaults it was shown, makes no new revision.
 */
function withKnownTemplate(
  wanted: ServiceResource,
  state: ServiceState,
  meaning: (template: RevisionTemplate) => string,
): ServiceResource {
  const { template } = wanted;
  if (meaning(template) === meaning(state.resource.template))
    return { ...wanted, template: state.resource.template };
  const taken = state.revisions.find(({ name }) => name === template.revision);
  if (taken !== undefined && meaning(taken.template) !== meaning(template))
    throw new ApiError(
      'ALREADY_EXISTS',
      `Revision named '${taken.name}' with different configuration already exists.`,
    );
  return wanted;
}

/** Makes the change, and says how that ended. */
async function apply(api: AdminApi, name: string, wanted: ServiceResource): Promise<Ending> {
  const { backend } = api;
  const settled = backend.apply(name, wanted);
  const { generation } = findService(api, name);
  await settled;
  const state = findService(api, name);
  const problem = problemOf(state, generation);
  return {
    shown: renderService(api.schema, backend, state),
    error: problem === null ? null : new ApiError('FAILED_PRECONDITION', problem.message),
  };
}

/**
 * Why this change did not come true. The service speaks of its newest change alone, and another one may have
 * begun by now: a revision keeps its own trouble.
 */
function problemOf(
  { revisions, observedGeneration, problem }: ServiceState,
  generation: number,
): FailedCondition | null {
  const made = revisions.find((revision) => revision.generation === generation);
  if (made?.state === 'failed')
    return made.problem ?? { reason: 'UNKNOWN', message: `Revision '${made.name}' is not ready.` };
  return observedGeneration === generation ? problem : null;
}
