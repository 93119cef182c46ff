import { setTimeout as delay } from 'node:timers/promises';
import { revisionSpecOf } from '../../../src/contract/cloud-run/revision-spec.ts';
import type { RevisionTemplate, ServiceResource } from '../../../src/contract/cloud-run/service-resource.ts';
import type {
  AdminBackend,
  RevisionState,
  ServiceState,
  TrafficState,
  FailedCondition,
} from '../../../src/platform/local/admin/admin-backend.ts';
import type { Knob } from '../../../src/plan/knob.ts';

export const baseResource: ServiceResource = {
  template: {
    containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }], env: [] }],
    scaling: { maxInstanceCount: 8 },
    maxInstanceRequestConcurrency: 16,
  },
};

/**
 * Services in memory that keep the backend's promises: a changed template is a new revision, which is ready
 * after a moment, or never when its first container has the variable FAIL. As in the emulator, a change waits for
 * those before it, and the service shows what was asked for last.
 */
export class MemoryBackend implements AdminBackend {
  readonly project = 'demo';
  readonly location = 'local';
  readonly turned: { readonly service: string; readonly knob: Knob }[] = [];
  /** What `apply` was given, in order. */
  readonly applied: ServiceResource[] = [];
  readonly #services = new Map<string, ServiceState>();
  readonly #inForce: Map<string, ServiceResource>;
  readonly #startupMs: number;
  #changes: Promise<void> = Promise.resolve();
  #nowMs = Date.UTC(2026, 10, 21);

  constructor(services: Readonly<Record<string, ServiceResource>> = { api: baseResource }, startupMs = 20) {
    this.#startupMs = startupMs;
    this.#inForce = new Map(Object.entries(services));
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
    const state = this.#get(name);
    const generation = state.generation + 1;
    this.#put({ ...state, generation, resource: wanted, reconciling: true });
    const done = this.#changes.then(() => this.#reconcile(name, wanted, generation));
    this.#changes = done;
    // As in the emulator, the next change has begun by the time that the caller of this one goes on.
    await done;
  }

  async #reconcile(name: string, wanted: ServiceResource, generation: number): Promise<void> {
    const before = this.#get(name);
    const isNew = JSON.stringify(wanted.template) !== JSON.stringify(this.#inForce.get(name)?.template);
    this.#inForce.set(name, wanted);
    const created = isNew ? this.#revision(name, generation, wanted.template) : null;
    const revisions = created === null ? before.revisions : [created, ...before.revisions];
    this.#put({
      ...before,
      revisions,
      latestCreated: created?.name ?? before.latestCreated,
      problem: created === null ? null : before.problem,
      updatedAtMs: this.#tick(),
    });
    await delay(this.#startupMs);
    const failed = created !== null && hasFail(wanted.template);
    if (created !== null) this.#settle(name, created.name, failed);
    const now = this.#get(name);
    const latestReady = created === null || failed ? now.latestReady : created.name;
    this.#put({
      ...now,
      latestReady,
      observedGeneration: generation,
      reconciling: generation < now.generation,
      problem: failed ? troubleOf(created.name) : null,
      traffic: failed ? now.traffic : trafficOf(wanted, latestReady ?? ''),
    });
  }

  deleteRevision(service: string, revision: string): Promise<void> {
    const state = this.#get(service);
    this.#put({ ...state, revisions: state.revisions.filter(({ name }) => name !== revision) });
    return Promise.resolve();
  }

  turn(service: string, knob: Knob): Promise<string> {
    this.turned.push({ service, knob });
    return Promise.resolve(`turned ${knob.knob}`);
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
      one.name !== revision
        ? one
        : failed
          ? { ...one, state: 'failed' as const, problem: troubleOf(revision) }
          : { ...one, state: 'ready' as const },
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
      links: [],
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

function troubleOf(revision: string): FailedCondition {
  return {
    reason: 'HEALTH_CHECK_CONTAINER_ERROR',
    message: `Revision '${revision}' is not ready and cannot serve traffic.`,
  };
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
