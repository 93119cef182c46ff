import { z } from 'zod';
import { exampleOf } from '../../../base/json-schema.ts';
import { provenance } from './judged.ts';

const of = (what: string): typeof provenance =>
  provenance.meta({ description: what, examples: ['observed'] });

const sections = z.object({
  backends: of('Sessions in Postgres.'),
  refusals: of('Connections that Postgres refused.'),
  canaries: of('The logins of the canaries.'),
  server_log: of("The server's log."),
  schedule: of('What the generator sent.'),
  exercise: of('Sessions and refusals of `exercise`; its number of instances is as in `instances`.'),
  instances: of('Starts and stops of instances.'),
  outcomes: of('How attempts ended.'),
  latency: of('How long attempts took.'),
  amplification: of('Attempts for each request.'),
  goodput: of('What callers got.'),
  changes: of('Rollouts and faults.'),
});

/** `provenance`: where the numbers come from, section by section; bounds, guards and predictions say it themselves. */
export const origin = z.object({
  platform: of('The platform itself.'),
  profile: z
    .enum(['cloudrun', 'knative'])
    .nullable()
    .meta({
      description: 'Whose scaling the emulator follows; null where there is no emulator.',
      examples: ['cloudrun'],
    }),
  calibration: z.string().meta({
    description: 'What the emulator was held against.',
    examples: ["Cloud Run's documented rules; nothing calibrated against a real service"],
  }),
  sections: sections.meta({ description: 'Each section of this file.', examples: [exampleOf(sections)] }),
});
