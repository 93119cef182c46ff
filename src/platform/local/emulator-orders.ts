import { z } from 'zod';
import { serviceResource } from '../../contract/cloud-run/service-resource.ts';
import { rulesShape } from './rules.ts';

const word = z.string().min(1);
const command = z.tuple([word], z.string());

/** How one container is run: as a process, or through Docker. */
const programShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('process'), command }),
  z.object({ kind: z.literal('image'), image: word, command: z.array(z.string()) }),
]);

const databaseShape = z.object({
  host: z.string(),
  port: z.number().int(),
  user: z.string(),
  password: z.string(),
  database: z.string(),
  passwordFile: z.string().exactOptional(),
});

/** One service, and what the emulator needs to run it here. */
const serviceOrdersShape = z.object({
  name: word,
  resource: serviceResource,
  /** By the container's name. */
  programs: z.record(z.string(), programShape),
  cwd: z.string(),
  secretFiles: z.record(z.string(), z.string()),
  startupDelayMs: z.number().nonnegative(),
  /** Null: the service has no database here. */
  database: databaseShape.nullable(),
  /** Where it listens; 0 for any free port. */
  port: z.number().int().nonnegative(),
});

/** Everything the emulator's process is told at its start, in a form that can be sent between processes. */
export const emulatorOrdersShape = z.object({
  services: z.tuple([serviceOrdersShape], serviceOrdersShape),
  profile: z.enum(['cloudrun', 'knative']),
  idleCpu: z.enum(['full', 'stop']),
  slotAfterTimeout: z.enum(['held', 'freed']),
  /** What the Admin API and the metadata server call the place. */
  project: word,
  location: word,
  admin: z.object({ port: z.number().int().nonnegative(), token: word, grpc: z.boolean() }),
  /** Origin of the run clock on the machine's monotonic clock, nanoseconds, as decimal digits. */
  originNs: z.string().regex(/^-?\d+$/),
  seed: z.number(),
  rules: rulesShape,
  /** Values that its services are given and that must be shown nowhere. */
  hidden: z.array(z.string()).exactOptional(),
});

export type EmulatorOrders = z.infer<typeof emulatorOrdersShape>;
export type ServiceOrders = z.infer<typeof serviceOrdersShape>;
export type Program = z.infer<typeof programShape>;
