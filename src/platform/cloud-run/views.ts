import type { protos } from '@google-cloud/run';
import { trafficTypes } from '../../contract/cloud-run/service-resource.ts';
import type { RevisionView, RoutedLine, ServiceView } from './cloud-run-admin.ts';

type Service = protos.google.cloud.run.v2.IService;
type Revision = protos.google.cloud.run.v2.IRevision;
type TrafficStatus = protos.google.cloud.run.v2.ITrafficTargetStatus;
type Condition = protos.google.cloud.run.v2.ICondition;

/** A service as the official client reads it, reduced to what is decided on. */
export function serviceView(service: Service): ServiceView {
  const { scaling, terminalCondition } = service;
  const latestReady = lastPart(service.latestReadyRevision);
  return {
    name: lastPart(service.name),
    url: service.uri ?? '',
    reconciling: service.reconciling ?? false,
    problem: problemOf(terminalCondition),
    latestCreated: lastPart(service.latestCreatedRevision),
    latestReady: latestReady === '' ? null : latestReady,
    traffic: (service.trafficStatuses ?? []).map((status) => routedLine(status, latestReady)),
    minInstances: scaling?.minInstanceCount ?? 0,
    maxInstances: zeroAsNull(scaling?.maxInstanceCount),
  };
}

/** A revision likewise: what it resolved to, not what was asked for. */
export function revisionView(revision: Revision): RevisionView {
  const ready = (revision.conditions ?? []).find(({ type }) => type === 'Ready');
  const { scaling, scalingStatus, timeout } = revision;
  return {
    name: lastPart(revision.name),
    ready: ready?.state === 'CONDITION_SUCCEEDED',
    problem: problemOf(ready),
    desiredMinInstances: scalingStatus?.desiredMinInstanceCount ?? 0,
    maxInstances: scaling?.maxInstanceCount ?? 0,
    concurrency: revision.maxInstanceRequestConcurrency ?? 0,
    timeoutMs: 1000 * Number(timeout?.seconds ?? 0) + (timeout?.nanos ?? 0) / 1e6,
  };
}

function routedLine({ type, revision, percent, tag }: TrafficStatus, latestReady: string): RoutedLine {
  return {
    latest: type === trafficTypes.latest,
    revision: textOf(revision) ?? latestReady,
    percent: percent ?? 0,
    tag: textOf(tag),
  };
}

function problemOf(condition: Condition | null | undefined): string | null {
  if (condition?.state !== 'CONDITION_FAILED') return null;
  return textOf(condition.message) ?? 'it failed without a message';
}

/** The client has '' for text that is not set. */
function textOf(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function lastPart(name: string | null | undefined): string {
  return (name ?? '').split('/').at(-1) ?? '';
}

function zeroAsNull(count: number | null | undefined): number | null {
  return count === undefined || count === 0 ? null : count;
}
