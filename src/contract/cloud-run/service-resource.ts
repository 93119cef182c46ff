import { z } from 'zod';
import { resourceContainer } from './resource-container.ts';
import { resourceVolume } from './resource-volume.ts';

/*
 * A service as the Cloud Run Admin API v2 has it, in its REST JSON: what service.yaml is imported into, what the
 * Admin API answers, what a rollout changes. Only what has an effect here is named; everything else is kept as
 * it came, so that a client's read, change and write loses nothing.
 */

const texts = z.record(z.string(), z.string());
const labels = texts
  .optional()
  .describe('Labels; they have no effect here.')
  .meta({ examples: [{ team: 'orders' }] });
const annotations = texts
  .optional()
  .describe('Annotations.')
  .meta({ examples: [{ owner: 'orders' }] });

const minInstanceCount = z
  .number()
  .optional()
  .describe('Instances that are kept running.')
  .meta({ examples: [1] });
const maxInstanceCount = z
  .number()
  .optional()
  .describe('The most instances.')
  .meta({ examples: [8] });

/** What a revision is made from. */
export const revisionTemplate = z.looseObject({
  revision: z
    .string()
    .optional()
    .describe('The revision’s name. Default: one is made up.')
    .meta({ examples: ['api-blue'] }),
  labels,
  annotations,
  scaling: z
    .looseObject({ minInstanceCount, maxInstanceCount })
    .optional()
    .describe('How few and how many instances the revision may have.')
    .meta({ examples: [{ minInstanceCount: 0, maxInstanceCount: 8 }] }),
  timeout: z
    .string()
    .optional()
    .describe('The longest request. Default: the contract’s.')
    .meta({ examples: ['30s'] }),
  serviceAccount: z
    .string()
    .optional()
    .describe('Who the revision runs as; it has no effect here.')
    .meta({ examples: ['api@my-project.iam.gserviceaccount.com'] }),
  containers: z
    .array(resourceContainer)
    .optional()
    .describe('The container that takes the requests, and its sidecars.')
    .meta({ examples: [[{ name: 'api', image: 'shop:dev', ports: [{ containerPort: 8080 }] }]] }),
  volumes: z
    .array(resourceVolume)
    .optional()
    .describe('Volumes that containers may mount.')
    .meta({ examples: [[{ name: 'keys', secret: { secret: 'db-password' } }]] }),
  maxInstanceRequestConcurrency: z
    .number()
    .optional()
    .describe('Requests that one instance accepts at once. Default: the contract’s.')
    .meta({ examples: [16] }),
  sessionAffinity: z
    .boolean()
    .optional()
    .describe('Whether a client stays with one instance; refused here.')
    .meta({ examples: [false] }),
  healthCheckDisabled: z
    .boolean()
    .optional()
    .describe('Whether a new revision counts as ready without an instance that has started.')
    .meta({ examples: [false] }),
});

const trafficTarget = z.looseObject({
  type: z
    .string()
    .optional()
    .describe('Whether this is the newest revision or the one that is named.')
    .meta({
      examples: ['TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION'],
    }),
  revision: z
    .string()
    .optional()
    .describe('The revision’s name.')
    .meta({ examples: ['api-blue'] }),
  percent: z
    .number()
    .optional()
    .describe('Its share of the requests.')
    .meta({ examples: [100] }),
  tag: z
    .string()
    .optional()
    .describe('A name by which it can be reached alone.')
    .meta({ examples: ['canary'] }),
});

const serviceScaling = z.looseObject({
  minInstanceCount,
  maxInstanceCount,
  scalingMode: z
    .string()
    .optional()
    .describe('Whether the platform scales, or the count is fixed.')
    .meta({ examples: ['AUTOMATIC', 'MANUAL'] }),
  manualInstanceCount: z
    .number()
    .optional()
    .describe('The count where it is fixed.')
    .meta({ examples: [4] }),
});

/** The part of a service that a person decides. Output-only fields are added where the API answers. */
export const serviceResource = z.looseObject({
  labels,
  annotations,
  template: revisionTemplate
    .describe('What its next revision is made from.')
    .meta({ examples: [{ containers: [{ name: 'api', command: ['node', 'server.mjs'] }] }] }),
  traffic: z
    .array(trafficTarget)
    .optional()
    .describe('Which revision gets which share of the requests. Default: the newest gets all.')
    .meta({ examples: [[{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }]] }),
  scaling: serviceScaling
    .optional()
    .describe('How few and how many instances all revisions may have together.')
    .meta({ examples: [{ maxInstanceCount: 8 }] }),
});

/** Names of the enum values that have an effect here. */
export const trafficTypes = {
  latest: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST',
  revision: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION',
} as const;

export type ServiceResource = z.output<typeof serviceResource>;
export type RevisionTemplate = z.output<typeof revisionTemplate>;
export type TrafficTarget = z.output<typeof trafficTarget>;
