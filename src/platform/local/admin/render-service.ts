import { trafficTypes, type ServiceResource } from '../../../contract/cloud-run/service-resource.ts';
import type { AdminBackend, ServiceState, TrafficState } from './admin-backend.ts';
import type { ApiSchema } from './api-schema.ts';
import { completeTemplate } from './complete-resource.ts';
import { completeTraffic, latestOnly } from './complete-resource.ts';
import { makeEtag } from './etag.ts';
import type { JsonObject } from '../../json.ts';
import { normalize } from './normalize.ts';
import { isoTime, renderCondition, type ConditionState } from './render-condition.ts';
import { revisionName, serviceName } from './resource-name.ts';

/** A service as the API answers it. */
export function renderService(
  schema: ApiSchema,
  at: Pick<AdminBackend, 'project' | 'location'>,
  state: ServiceState,
): JsonObject {
  const { name } = state;
  const resource = stored(schema, state.resource);
  const traffic = resource.traffic ?? [];
  return {
    ingress: 'INGRESS_TRAFFIC_ALL',
    launchStage: 'GA',
    ...resource,
    name: serviceName(at, name),
    uid: state.uid,
    generation: String(state.generation),
    createTime: isoTime(state.createdAtMs),
    updateTime: isoTime(state.updatedAtMs),
    template: completeTemplate(resource.template),
    traffic: completeTraffic(traffic.length === 0 ? latestOnly : traffic),
    scaling: resource.scaling ?? {},
    observedGeneration: String(state.observedGeneration),
    ...conditionsOf(schema, state),
    ...(state.latestReady === null ? {} : { latestReadyRevision: revisionName(at, name, state.latestReady) }),
    latestCreatedRevision: revisionName(at, name, state.latestCreated),
    trafficStatuses: state.traffic.map(renderTraffic),
    uri: state.url,
    urls: [state.url],
    reconciling: state.reconciling,
    etag: makeEtag(state.uid, state.generation),
  };
}

/** As the API stores it: values that service.yaml spells out although they mean unset are left out. */
function stored(schema: ApiSchema, resource: ServiceResource): ServiceResource {
  const { json } = normalize(schema, schema.message('google.cloud.run.v2.Service'), resource);
  return { template: {}, ...json };
}

/** Ready combines the other two: the newest revision is ready, and traffic goes where it should. */
function conditionsOf(schema: ApiSchema, state: ServiceState): JsonObject {
  const { problem, reconciling, updatedAtMs } = state;
  const stateOf = (trouble: boolean): ConditionState =>
    reconciling ? 'CONDITION_RECONCILING' : trouble ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED';
  const newestFailed = problem !== null && state.latestReady !== state.latestCreated;
  const routesFailed = problem !== null && !newestFailed;
  const shown = reconciling ? null : problem;
  return {
    terminalCondition: renderCondition(schema, 'Ready', stateOf(problem !== null), updatedAtMs, shown),
    conditions: [
      renderCondition(schema, 'RoutesReady', stateOf(routesFailed), updatedAtMs, routesFailed ? shown : null),
      renderCondition(
        schema,
        'ConfigurationsReady',
        stateOf(newestFailed),
        updatedAtMs,
        newestFailed ? shown : null,
      ),
    ],
  };
}

function renderTraffic({ latest, revision, percent, tag, tagUrl }: TrafficState): JsonObject {
  return {
    type: latest ? trafficTypes.latest : trafficTypes.revision,
    revision,
    ...(percent === 0 ? {} : { percent }),
    ...(tag === null ? {} : { tag }),
    ...(tagUrl === null ? {} : { uri: tagUrl }),
  };
}
