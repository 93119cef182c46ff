import { setTimeout as delay } from 'node:timers/promises';
import { revisionSpecOf } from '../../../src/contract/revision-spec.ts';
import type { RevisionTemplate, ServiceResource } from '../../../src/contract/service-resource.ts';
import type {
  AdminBackend,
  RevisionState,
  ServiceState,
  TrafficState,
} from '../../../src/platform/local/admin/admin-backend.ts';
import type { Knob } from '../../../src/platform/local/knobs.ts';

export const baseResource: ServiceResource = {
  template: {
    containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }], env: [] }],
    scaling: { maxInstanceCount: 8 },
    maxInstanceRequestConcurrency: 16,
  },
};

/**
 * Services in memory that keep the backend's promises: a changed template is a new revision, which is ready
 * after a moment, or never when its first container has the variable FAIL; traffic and scaling hold at once.
 */
export class MemoryBackend implements AdminBackend {
  readonly project = 'demo';
  readonly location = 'local';
  readonly turned: { readonly service: string; readonly knob: Knob }[] = [];
  /** What `apply` was given, in order. */
  readonly applied: ServiceResource[] = [];
  readonly #services = new Map<string, ServiceState>();
  readonly #startupMs: number;
  #nowMs = Date.UTC(2026, 10, 21);

  constructor(services: Readonly<Record<string, ServiceResource>> = { api: baseResource }, startupMs = 20) {
    this.#startupMs = startupMs;
    for (const [name, resource] of Object.entries(services))
      this.#services.set(name, this.#first(name, resource));
  }

  services(): readonly ServiceState[] {
    return [...this.#services.values()];
  }

  service(name: string): ServiceState | null {
    return this.#services.get(name) ?? null;
  }

  async apply(name: string, wanted: ServiceResource): Promise<void> {
    this.applied.push(wanted);
    const before = this.#get(name);
    const generation = before.generation + 1;
    const isNew = JSON.stringify(wanted.template) !== JSON.stringify(before.resource.template);
    const created = isNew ? this.#revision(name, generation, wanted.template) : null;
    const revisions = created === null ? before.revisions : [created, ...before.revisions];
    this.#put({
      ...before,
      resource: wanted,
      generation,
      revisions,
      latestCreated: created?.name ?? before.latestCreated,
      reconciling: true,
      updatedAtMs: this.#tick(),
    });
    await delay(this.#startupMs);
    const failed = created !== null && hasFail(wanted.template);
    if (created !== null) this.#settle(name, created.name, failed);
    const now = this.#get(name);
    if (now.generation !== generation) return;
    const latestReady = created === null || failed ? now.latestReady : created.name;
    this.#put({
      ...now,
      latestReady,
      observedGeneration: generation,
      reconciling: false,
      problem: failed
        ? {
            reason: 'HEALTH_CHECK_CONTAINER_ERROR',
            message: `Revision '${created.name}' is not ready and cannot serve traffic.`,
          }
        : null,
      traffic: failed ? now.traffic : trafficOf(wanted, latestReady ?? ''),
    });
  }

  deleteRevision(service: string, revision: string): Promise<void> {
    const state = this.#get(service);
    this.#put({ ...state, revisions: state.revisions.filter(({ name }) => name !== revision) });
    return Promise.resolve();
  }

  turn(service: string, knob: Knob): string {
    this.turned.push({ service, knob });
    return `turned ${knob.knob}`;
  }

  #get(name: string): ServiceState {
    const state = this.#services.get(name);
    if (state === undefined) throw new Error(`no service ${name}`);
    return state;
  }

  #put(state: ServiceState): void {
    this.#services.set(state.name, state);
  }

  #settle(service: string, revision: string, failed: boolean): void {
    const state = this.#get(service);
    const revisions = state.revisions.map((one) =>
      one.name === revision ? { ...one, state: failed ? ('failed' as const) : ('ready' as const) } : one,
    );
    this.#put({ ...state, revisions });
  }

  #first(name: string, resource: ServiceResource): ServiceState {
    const revision = { ...this.#revision(name, 1, resource.template), state: 'ready' as const };
    return {
      name,
      uid: `uid-${name}`,
      url: `http://127.0.0.1:1/${name}`,
      createdAtMs: this.#tick(),
      updatedAtMs: this.#tick(),
      generation: 1,
      observedGeneration: 1,
      resource,
      reconciling: false,
      problem: null,
      latestCreated: revision.name,
      latestReady: revision.name,
      traffic: trafficOf(resource, revision.name),
      revisions: [revision],
    };
  }

  #revision(service: string, generation: number, template: RevisionTemplate): RevisionState {
    const spec = revisionSpecOf(template);
    return {
      name: template.revision ?? `${service}-${String(generation).padStart(5, '0')}-abc`,
      uid: `uid-${service}-${generation}`,
      service,
      generation,
      createdAtMs: this.#tick(),
      template,
      spec,
      state: 'deploying',
      problem: null,
      minInstances: spec.minInstances,
      maxInstances: spec.maxInstances,
      instances: { starting: 0, ready: 1, stopping: 0 },
      inFlight: 0,
      queued: 0,
    };
  }

  #tick(): number {
    this.#nowMs += 1000;
    return this.#nowMs;
  }
}

function hasFail(template: RevisionTemplate): boolean {
  return (template.containers?.[0]?.env ?? []).some(({ name }) => name === 'FAIL');
}

function trafficOf(resource: ServiceResource, latestReady: string): readonly TrafficState[] {
  const lines = (resource.traffic ?? []).length === 0 ? [{ percent: 100 }] : (resource.traffic ?? []);
  return lines.map((line) => {
    const revision = 'revision' in line && typeof line.revision === 'string' ? line.revision : null;
    const tag = 'tag' in line && typeof line.tag === 'string' ? line.tag : null;
    return {
      latest: revision === null,
      revision: revision ?? latestReady,
      percent: line.percent ?? 0,
      tag,
      tagUrl: tag === null ? null : `http://127.0.0.1:2/${tag}`,
    };
  });
}
