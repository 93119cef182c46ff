import { z } from 'zod';
import { snakeObject } from './snake-case.ts';

const match = snakeObject({
  role: z.string().exactOptional(),
  applicationName: z.string().exactOptional(),
  database: z.string().exactOptional(),
  clientAddress: z.string().exactOptional(),
}).describe("How to recognise the service's sessions among all backends.");

const service = snakeObject({
  name: z.string(),
  maxInstances: z.number(),
  minInstances: z.number(),
  containerConcurrency: z.number().describe('Requests that one instance takes at once.'),
  workersPerInstance: z.number().describe('Processes in an instance, each with a pool of its own.'),
  poolMax: z.number().describe('Sessions that one pool may hold.'),
  poolMin: z.number(),
  backgroundSessions: z.number().describe('Sessions outside the pools: job runners, listeners.'),
  rolloutOverlap: z.number().describe('What a rollout may add to the claim, as a share of it.'),
  acquireTimeoutMs: z.number(),
  statementTimeoutMs: z.number(),
  requestTimeoutMs: z.number(),
  idleTimeoutMs: z.number().exactOptional(),
  maxLifetimeMs: z.number().exactOptional(),
  match,
});

/** `contract` of `run.json`: what was promised. */
export const contractRecord = z.object({
  services: z.tuple([service], service).describe('Every declared service that shares the database.'),
  headroom: z
    .array(z.object({ purpose: z.enum(['admin_and_migrations', 'other_services']), slots: z.number() }))
    .describe('Slots kept free for others.'),
  assumed: z.array(z.string()).describe('What nobody declared, so that a default was used.'),
});

/** `limits` of `run.json`: the slots of the server. */
export const limitsRecord = snakeObject({
  maxConnections: z.number(),
  superuserReserved: z.number().describe('superuser_reserved_connections.'),
  reservedConnections: z.number().describe('reserved_connections; 0 before PostgreSQL 16.'),
}).describe('The slots of the server.');
