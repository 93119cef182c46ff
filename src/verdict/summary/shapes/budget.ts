import { z } from 'zod';
import { exampleOf } from '../../../base/json-schema.ts';

const part = z.object({
  service: z.string().meta({ description: 'The declared service.', examples: ['api'] }),
  claim: z.number().meta({ description: 'Its part of the claim.', examples: [20] }),
  claim_overlap: z.number().meta({ description: 'Its part of claim_overlap.', examples: [40] }),
});

/** `budget`: what the server has, and what was promised of it. All in sessions. */
export const budget = z.object({
  max_connections: z.number().meta({ description: 'max_connections of the server.', examples: [100] }),
  reserved: z.number().meta({
    description: 'Slots for superusers and for roles with pg_use_reserved_connections.',
    examples: [3],
  }),
  usable: z.number().meta({ description: 'max_connections - reserved.', examples: [97] }),
  headroom: z
    .number()
    .meta({ description: 'Slots kept free for admins, migrations and other services.', examples: [30] }),
  claim: z.number().meta({ description: 'The most that the declared services may hold.', examples: [20] }),
  claim_overlap: z.number().meta({ description: 'The same while a rollout is under way.', examples: [40] }),
  planned: z.number().meta({ description: 'claim + headroom.', examples: [50] }),
  fits: z.boolean().meta({ description: 'Whether planned is no more than usable.', examples: [true] }),
  accepted_overcommit: z
    .boolean()
    .meta({ description: 'Whether the run could start although it does not fit.', examples: [false] }),
  sum: z
    .string()
    .meta({ description: 'The arithmetic, written out.', examples: ['5 x 1 x 4 + 30 = 50 <= 97 = 100 - 3'] }),
  services: z.array(part).meta({
    description: 'The part of each declared service in claim and claim_overlap, which are of all together.',
    examples: [[exampleOf(part)]],
  }),
});
