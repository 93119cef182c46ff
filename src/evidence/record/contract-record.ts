import { z } from 'zod';
import { exampleOf } from '../../base/json-schema.ts';
import { snakeObject } from './snake-case.ts';

const match = snakeObject({
  role: z
    .string()
    .exactOptional()
    .meta({ description: 'The role they log in as.', examples: ['app'] }),
  applicationName: z
    .string()
    .exactOptional()
    .meta({ description: 'Their application_name.', examples: ['api'] }),
  database: z
    .string()
    .exactOptional()
    .meta({ description: 'The database they connect to.', examples: ['app'] }),
  clientAddress: z
    .string()
    .exactOptional()
    .meta({ description: 'Where they come from, an address or a range.', examples: ['10.0.0.0/8'] }),
});

const service = snakeObject({
  name: z.string().meta({ description: 'As in the contract.', examples: ['api'] }),
  maxInstances: z.number().meta({ description: 'The most instances at once.', examples: [8] }),
  minInstances: z.number().meta({ description: 'Instances kept without any load.', examples: [0] }),
  containerConcurrency: z
    .number()
    .meta({ description: 'Requests that one instance takes at once.', examples: [16] }),
  workersPerInstance: z
    .number()
    .meta({ description: 'Processes in an instance, each with a pool of its own.', examples: [1] }),
  poolMax: z.number().meta({ description: 'Sessions that one pool may hold.', examples: [4] }),
  poolMin: z.number().meta({ description: 'Sessions that one pool keeps.', examples: [0] }),
  backgroundSessions: z
    .number()
    .meta({ description: 'Sessions outside the pools: job runners, listeners.', examples: [0] }),
  rolloutOverlap: z
    .number()
    .meta({ description: 'What a rollout may add to the claim, as a share of it.', examples: [1] }),
  acquireTimeoutMs: z.number().meta({
    description: 'How long a request may wait for a session, in milliseconds.',
    examples: [1000],
  }),
  statementTimeoutMs: z
    .number()
    .meta({ description: 'How long a statement may run, in milliseconds.', examples: [5000] }),
  requestTimeoutMs: z
    .number()
    .meta({ description: 'How long a request may take, in milliseconds.', examples: [30_000] }),
  idleTimeoutMs: z
    .number()
    .exactOptional()
    .meta({
      description: 'When a pool closes an idle session, in milliseconds; absent: not declared.',
      examples: [30_000],
    }),
  maxLifetimeMs: z
    .number()
    .exactOptional()
    .meta({
      description: 'When a pool closes a session of any kind, in milliseconds; absent: not declared.',
      examples: [1_800_000],
    }),
  match: match.meta({
    description: "How to recognise the service's sessions among all backends.",
    examples: [exampleOf(match)],
  }),
});

const headroom = z.object({
  purpose: z
    .enum(['admin_and_migrations', 'other_services'])
    .meta({ description: 'Whom they are kept for.', examples: ['admin_and_migrations'] }),
  slots: z.number().meta({ description: 'How many slots.', examples: [10] }),
});

/** `contract` of `run.json`: what was promised. */
export const contractRecord = z.object({
  services: z.tuple([service], service).meta({
    description: 'Every declared service that shares the database.',
    examples: [[exampleOf(service)]],
  }),
  headroom: z
    .array(headroom)
    .meta({ description: 'Slots kept free for others.', examples: [[exampleOf(headroom)]] }),
  assumed: z.array(z.string()).meta({
    description: 'What nobody declared, so that a default was used.',
    examples: [['api.app_pool_min', 'api.rollout_overlap']],
  }),
});

/** `limits` of `run.json`: the slots of the server. */
export const limitsRecord = snakeObject({
  maxConnections: z.number().meta({ description: 'max_connections.', examples: [100] }),
  superuserReserved: z.number().meta({ description: 'superuser_reserved_connections.', examples: [3] }),
  reservedConnections: z
    .number()
    .meta({ description: 'reserved_connections; 0 before PostgreSQL 16.', examples: [0] }),
});
