import type { RevisionSpec } from '../../../contract/cloud-run/revision-spec.ts';
import type { RevisionTemplate } from '../../../contract/cloud-run/service-resource.ts';
import { makeCloudRunProfile } from '../fleet/cloudrun-profile.ts';
import { Fleet } from '../fleet/fleet.ts';
import type { Profile } from '../fleet/profile.ts';
import type { ScalingLimits } from '../fleet/scaler.ts';
import { makeKnativeProfile } from '../knative/knative-profile.ts';
import { ServiceLinks } from '../service-links.ts';
import type { ServiceFleet } from './revision.ts';
import type { ServiceSetting } from './service-setting.ts';

/** The revision whose fleet is made. */
export interface FleetRevision {
  readonly name: string;
  readonly template: RevisionTemplate;
  readonly spec: RevisionSpec;
  readonly limits: ScalingLimits;
}

/** Makes the fleets of a service, and applies the knobs to all their starts. */
export class FleetFactory {
  /** The knobs' current positions: they apply to every start and every new fleet. */
  readonly knobs = { extraDelayMs: 0, failStart: false, overMax: 1, reject: false };
  readonly links: ServiceLinks;
  readonly #setting: ServiceSetting;

  constructor(setting: ServiceSetting) {
    this.#setting = setting;
    this.links = new ServiceLinks(setting.seed);
  }

  make({ name, template, spec, limits }: FleetRevision): ServiceFleet {
    const { orders, rules, clock, random, nextInstance, launch } = this.#setting;
    const fleet: ServiceFleet = new Fleet({
      limits: { ...limits, concurrency: this.#concurrencyOf(template, spec) },
      requestTimeoutMs: spec.timeoutMs,
      shutdownGraceMs: rules.shutdownGraceMs,
      profile: this.#profileOf(template),
      random,
      nowUs: () => clock.nowUs(),
      launch: (reason, watch) =>
        launch(
          {
            id: nextInstance(),
            revision: name,
            service: orders,
            links: this.links,
            spec,
            reason,
            extraDelayMs: this.knobs.extraDelayMs,
            failStart: this.knobs.failStart,
          },
          watch,
        ),
    });
    fleet.overMax(this.knobs.overMax);
    fleet.rejectAtOnce(this.knobs.reject);
    return fleet;
  }

  /** 0 means no limit to Knative and the default to Cloud Run. */
  #concurrencyOf(template: RevisionTemplate, spec: RevisionSpec): number {
    if (this.#setting.profile === 'cloudrun') return spec.concurrency;
    return template.maxInstanceRequestConcurrency ?? 0;
  }

  #profileOf({ annotations }: RevisionTemplate): Profile {
    const { profile, rules } = this.#setting;
    return profile === 'knative' ? makeKnativeProfile(annotations ?? {}) : makeCloudRunProfile(rules);
  }
}
