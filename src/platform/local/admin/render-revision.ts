import type { RevisionTemplate } from '../../../contract/cloud-run/service-resource.ts';
import type { AdminBackend, RevisionState, FailedCondition } from './admin-backend.ts';
import type { ApiSchema } from './api-schema.ts';
import { completeTemplate } from './complete-resource.ts';
import { makeEtag } from './etag.ts';
import type { JsonObject } from '../../json.ts';
import { normalize } from './normalize.ts';
import { isoTime, renderCondition, type ConditionState } from './render-condition.ts';
import { revisionName } from './resource-name.ts';

/** A revision as the API answers it: its template with every default, and how it is. */
export function renderRevision(
  schema: ApiSchema,
  at: Pick<AdminBackend, 'project' | 'location'>,
  state: RevisionState,
): JsonObject {
  const template = completeTemplate(stored(schema, state.template));
  const { minInstances, maxInstances } = state.spec;
  return {
    launchStage: 'GA',
    ...withoutChosenName(template),
    name: revisionName(at, state.service, state.name),
    uid: state.uid,
    generation: String(state.generation),
    service: state.service,
    createTime: isoTime(state.createdAtMs),
    updateTime: isoTime(state.createdAtMs),
    scaling: {
      ...state.template.scaling,
      ...(minInstances > 0 ? { minInstanceCount: minInstances } : {}),
      maxInstanceCount: maxInstances,
    },
    scalingStatus: { desiredMinInstanceCount: state.minInstances },
    conditions: conditionsOf(schema, state),
    observedGeneration: String(state.generation),
    reconciling: state.state === 'deploying',
    etag: makeEtag(state.uid, state.generation),
  };
}

function stored(schema: ApiSchema, template: RevisionTemplate): RevisionTemplate {
  return normalize(schema, schema.message('google.cloud.run.v2.RevisionTemplate'), template).json;
}

/** In a revision the name is its own field, not part of the template. */
function withoutChosenName(template: RevisionTemplate): JsonObject {
  return Object.fromEntries(Object.entries(template).filter(([key]) => key !== 'revision'));
}

function conditionsOf(schema: ApiSchema, revision: RevisionState): readonly JsonObject[] {
  const { state, problem, createdAtMs } = revision;
  const ready = readyStates[state];
  const trouble = state === 'failed' ? problem : null;
  const retired: FailedCondition = { reason: 'RETIRED', message: 'Revision retired.' };
  const active = state === 'retired' ? 'CONDITION_FAILED' : ready;
  const whyInactive = state === 'retired' ? retired : trouble;
  return [
    renderCondition(schema, 'Ready', ready, createdAtMs, trouble),
    renderCondition(schema, 'Active', active, createdAtMs, whyInactive),
    renderCondition(schema, 'ContainerHealthy', ready, createdAtMs, trouble),
  ];
}

/** A retired revision is still ready; it only has no traffic. */
const readyStates: Readonly<Record<RevisionState['state'], ConditionState>> = {
  deploying: 'CONDITION_RECONCILING',
  ready: 'CONDITION_SUCCEEDED',
  failed: 'CONDITION_FAILED',
  retired: 'CONDITION_SUCCEEDED',
};
