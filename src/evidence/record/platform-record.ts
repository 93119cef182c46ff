import { z } from 'zod';

const service = z.string().meta({ description: 'The service that load was sent at.', examples: ['api'] });

/** Where the service ran, and which service load was sent at. */
export const platformRecord = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('local').meta({ description: 'Under the emulator.', examples: ['local'] }),
    profile: z
      .enum(['cloudrun', 'knative'])
      .meta({ description: 'Whose scaling the emulator follows.', examples: ['cloudrun'] }),
    service,
  }),
  z.object({
    kind: z.literal('url').meta({ description: 'Behind an address.', examples: ['url'] }),
    service,
  }),
]);

export type PlatformRecord = z.infer<typeof platformRecord>;

/** What a kind of platform lets a run know. */
export interface PlatformTells {
  /** When each instance started, was ready and stopped. */
  readonly instances: boolean;
  /** Which revisions there are, and where the traffic goes. */
  readonly revisions: boolean;
  /** Whether it keeps requests in a queue in front of the instances. */
  readonly frontQueue: boolean;
  /** Whether it is an emulator, whose timing is its own. */
  readonly emulated: boolean;
}

const told: Readonly<Record<PlatformRecord['kind'], PlatformTells>> = {
  local: { instances: true, revisions: true, frontQueue: true, emulated: true },
  url: { instances: false, revisions: false, frontQueue: false, emulated: false },
};

/** What a run on this platform could know. */
export function platformTells({ kind }: Pick<PlatformRecord, 'kind'>): PlatformTells {
  return told[kind];
}
