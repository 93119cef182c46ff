import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../../base/errors.ts';
import { revisionSpecOf } from '../../../contract/cloud-run/revision-spec.ts';
import type { RevisionTemplate, ServiceResource } from '../../../contract/cloud-run/service-resource.ts';
import type { RevisionEvent } from '../../../evidence/event.ts';
import type { ServiceState, FailedCondition } from '../admin/admin-backend.ts';
import type { Knob } from '../../../plan/knob.ts';
import { startupProblem } from '../instance/startup-problem.ts';
import { FleetFactory } from './fleet-factory.ts';
import { Fronts } from './fronts.ts';
import { Revision, revisionName } from './revision.ts';
import { RevisionSet } from './revision-set.ts';
import { Router } from './router.ts';
import { scalingNow, scalingOfNew } from './service-scaling.ts';
import type { ServiceSetting } from './service-setting.ts';
import { turnKnob } from './turn-knob.ts';
import { isLinkKnob, turnLinks } from './turn-links.ts';

/** Why a change failed, for the API and for people. */
type Failure = FailedCondition & Problem;

/**
 * One service: its revisions, and how the wanted state becomes the actual one. Changes are made one after another; a
 * change that fails leaves the traffic where it was.
 */
export class ManagedService {
  readonly name: string;
  readonly #setting: ServiceSetting;
  readonly #fleets: FleetFactory;
  readonly #fronts: Fronts;
  readonly #revisions = new RevisionSet();
  readonly #router = new Router();
  readonly #uid: string;
  readonly #createdAtMs: number;
  #updatedAtMs: number;
  /** The state asked for last. Reading it and writing it back undoes no change that is still queued. */
  #resource: ServiceResource;
  /** The state in force, or being brought about. */
  #inForce: ServiceResource;
  #problem: FailedCondition | null = null;
  #generation = 0;
  #observedGeneration = 0;
  #changes: Promise<unknown> = Promise.resolve();
  #stopping = false;

  private constructor(setting: ServiceSetting, fronts: Fronts) {
    this.name = setting.orders.name;
    this.#setting = setting;
    this.#resource = setting.orders.resource;
    this.#inForce = this.#resource;
    this.#fleets = new FleetFactory(setting);
    this.#fronts = fronts;
    this.#createdAtMs = setting.wallMs();
    this.#updatedAtMs = this.#createdAtMs;
    this.#uid = setting.makeUid();
  }

  /** The service with its listener open and no revision yet. */
  static async open(setting: ServiceSetting): Promise<ManagedService> {
    const fronts = await Fronts.open(setting, (tag) => service.#destination(tag));
    const service = new ManagedService(setting, fronts);
    return service;
  }

  get url(): string {
    return this.#fronts.url;
  }

  /** The first deployment. Yields what is wrong when it does not start, else null. */
  async deploy(): Promise<Problem | null> {
    return this.#change(this.#resource);
  }

  /** Brings the service to the wanted state; resolves when that has succeeded or failed for good. */
  async apply(wanted: ServiceResource): Promise<void> {
    await this.#change(wanted);
  }

  async deleteRevision(name: string): Promise<void> {
    await this.#revisions.get(name)?.fleet.stopAll(this.#setting.rules.shutdownGraceMs, 'DELETED');
    this.#revisions.remove(name);
  }

  async turn(knob: Knob): Promise<string> {
    if (isLinkKnob(knob)) return turnLinks(knob, this.#fleets.links);
    return turnKnob(knob, this.#revisions.all, this.#fleets, this.#setting.random);
  }

  sweep(): void {
    for (const { fleet } of this.#revisions.all) fleet.sweep();
  }

  tick(): void {
    for (const { fleet } of this.#revisions.all) fleet.tick();
  }

  /** Queued changes are dropped: nothing more is started. */
  async stopAll(graceMs: number): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#revisions.all.map(({ fleet }) => fleet.stopAll(graceMs)));
    await this.#changes;
    this.#fronts.close();
  }

  state(): ServiceState {
    return {
      name: this.name,
      uid: this.#uid,
      url: this.url,
      createdAtMs: this.#createdAtMs,
      updatedAtMs: this.#updatedAtMs,
      generation: this.#generation,
      observedGeneration: this.#observedGeneration,
      resource: this.#resource,
      reconciling: this.#observedGeneration < this.#generation,
      problem: this.#problem,
      latestCreated: this.#revisions.latestCreated,
      latestReady: this.#revisions.latestReady,
      traffic: this.#router.routes.map((route) => ({ ...route, tagUrl: this.#fronts.urlOf(route.tag) })),
      revisions: this.#revisions.all.map((revision) => revision.view()).reverse(),
      links: this.#fleets.links.open.map(({ instance, host, port }) => ({ instance, host, port })),
    };
  }

  #destination(tag: string | null): Revision | null {
    const name = this.#router.pick(tag, this.#setting.random());
    return name === null ? null : this.#revisions.get(name);
  }

  /** Queues a change behind those before it. Yields why it failed, or null. */
  #change(wanted: ServiceResource): Promise<Failure | null> {
    this.#generation += 1;
    this.#resource = wanted;
    this.#updatedAtMs = this.#setting.wallMs();
    const generation = this.#generation;
    const done = this.#changes.then(() => this.#reconcile(wanted, generation));
    this.#changes = done.catch(() => undefined);
    return done;
  }

  async #reconcile(wanted: ServiceResource, generation: number): Promise<Failure | null> {
    if (this.#stopping) return null;
    const isNew =
      this.#revisions.all.length === 0 || !isDeepStrictEqual(wanted.template, this.#inForce.template);
    this.#inForce = wanted;
    const rollout = isNew ? await this.#rollOut(wanted.template, generation) : null;
    // Traffic and scaling apply to the existing revisions whether or not the new one works.
    const routing = await this.#settle();
    const failure = rollout ?? routing;
    this.#problem = failure;
    this.#observedGeneration = generation;
    return failure;
  }

  /** Starts and probes; the traffic moves afterwards. A revision that fails to start keeps nothing running. */
  async #rollOut(template: RevisionTemplate, generation: number): Promise<Failure | null> {
    const known = this.#revisions.get(template.revision ?? '');
    if (known !== null) return this.#rollBack(known, template);
    const revision = this.#makeRevision(template, generation);
    this.#emit(revision, { state: 'created', reason: 'a new template' });
    const needed = revision.spec.healthCheckDisabled ? 0 : Math.max(1, revision.view().minInstances);
    const end = needed === 0 ? null : await revision.fleet.deploy(needed);
    if (end === null) {
      revision.state = 'ready';
      this.#revisions.latestReady = revision.revision;
      this.#emit(revision, {
        state: 'ready',
        reason: needed === 0 ? 'the health check is disabled' : `${needed} started`,
      });
      return null;
    }
    const failure = {
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      ...startupProblem(this.#setting.orders, end),
    };
    revision.state = 'failed';
    revision.problem = failure;
    this.#emit(revision, { state: 'failed', reason: failure.message });
    await revision.fleet.stopAll(0, 'DEPLOYMENT_FAILED');
    return failure;
  }

  /** A template that names an existing revision means that one: it becomes the latest again. */
  #rollBack(known: Revision, template: RevisionTemplate): Failure | null {
    const { revision, spec, problem } = known;
    if (!isDeepStrictEqual(spec, revisionSpecOf(template)))
      return {
        reason: 'REVISION_FAILED',
        message: `Revision named '${revision}' with different configuration already exists.`,
      };
    this.#revisions.latestCreated = revision;
    if (problem === null) this.#revisions.latestReady = revision;
    return problem;
  }

  #makeRevision(template: RevisionTemplate, generation: number): Revision {
    const { orders, wallMs, makeUid, random } = this.#setting;
    const given = template.revision ?? '';
    const name = given === '' ? revisionName(orders.name, generation, random) : given;
    const scaling = scalingOfNew(this.#inForce, this.#revisions, name, revisionSpecOf(template));
    const revision = new Revision(
      { name, uid: makeUid(), service: orders.name, generation, createdAtMs: wallMs(), template },
      scaling,
      (spec, limits) => this.#fleets.make({ name, spec, limits, template }),
    );
    this.#revisions.add(revision);
    return revision;
  }

  /**
   * Applies the wanted traffic and limits. Traffic for a revision that did not start changes nothing: it would reach
   * nobody.
   */
  async #settle(): Promise<Failure | null> {
    const before = new Map(
      this.#revisions.all.map(({ revision }) => [revision, this.#router.percentOf(revision)]),
    );
    const broken = this.#router.follow(this.#inForce.traffic ?? [], this.#revisions);
    await this.#fronts.openTags(this.#router.routes.flatMap(({ tag }) => (tag === null ? [] : [tag])));
    const scaling = scalingNow(this.#inForce, this.#revisions, this.#router);
    for (const revision of this.#revisions.all) {
      const limits = scaling.get(revision.revision);
      if (limits === undefined || !this.#revisions.isReady(revision.revision)) continue;
      const reachable = this.#router.reaches(revision.revision);
      revision.state = reachable ? 'ready' : 'retired';
      revision.scale(limits, reachable);
      const percent = this.#router.percentOf(revision.revision);
      if (percent !== before.get(revision.revision))
        this.#emit(revision, { state: percent > 0 ? 'serving' : 'retired', reason: 'traffic', percent });
    }
    if (broken === null) return null;
    return {
      reason: 'REVISION_FAILED',
      message: `Revision '${broken}' is not ready and cannot serve traffic.`,
    };
  }

  #emit({ revision }: Revision, what: Pick<RevisionEvent, 'state' | 'reason' | 'percent'>): void {
    const { clock, onEvent } = this.#setting;
    onEvent({ t_us: clock.nowUs(), kind: 'revision', service: this.name, revision, ...what });
  }
}
