import { z } from 'zod';
import { serviceResource } from '../../contract/cloud-run/service-resource.ts';
import { durationMs } from '../with-unit.ts';

/** Short names stand in folder names, in time marks and in tables. */
export const label = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be letters, digits, ".", "_" and "-", at most 64 of them',
  );

const command = z
  .array(z.string().min(1, 'must not be empty'), {
    error: (issue) =>
      typeof issue.input === 'string' ? 'expected a list, such as [node, server.mjs]' : undefined,
  })
  .min(1, 'at least the program is needed');

const env = z.record(z.string(), z.string('expected text: put it in quotes'));

/** How one container is run. */
const program = z.strictObject({
  command: command.optional().describe('Program and arguments, run in the scenario’s folder.'),
  image: z.string().min(1).optional().describe('An image that Docker runs; "command" replaces its own.'),
  env: env.optional().describe('Environment of this container, over that of service.yaml.'),
});

/** With an id, so that the published schema holds it once. */
const resource = serviceResource.meta({
  id: 'service_resource',
  description: 'The service in the form of the Admin API v2, in place of service.yaml; taken as it stands.',
});

const service = {
  service: z.string().min(1).optional().describe('A Cloud Run service.yaml; it fills the contract too.'),
  resource: resource.optional(),
  name: label
    .optional()
    .describe(
      'Which of the contract’s services this is, where several are declared and there is no service.yaml.',
    ),
  command: command
    .optional()
    .describe(
      'Program and arguments of the container that takes the requests, run in the scenario’s folder.',
    ),
  image: z
    .string()
    .min(1)
    .optional()
    .describe('The image of the container that takes the requests, run by Docker.'),
  startup_delay: durationMs.optional().describe('Added to the real start of every instance.'),
  env: env.optional().describe('Environment of the container that takes the requests.'),
  containers: z
    .record(z.string(), program)
    .optional()
    .describe('The other containers of service.yaml, by name.'),
  secrets: z
    .record(z.string(), z.string().min(1, 'must not be empty'))
    .optional()
    .describe('Files that hold the values of secrets, by the secret’s name in service.yaml.'),
};

/** `target.local`. */
export const localFile = z.strictObject({
  ...service,
  others: z
    .array(z.strictObject(service))
    .min(1, 'at least one service is needed')
    .optional()
    .describe('Services that run beside it on the same database, each with its line in the contract.'),
  profile: z
    .enum(['cloudrun', 'knative'], 'must be cloudrun or knative')
    .optional()
    .describe('Whose rules the emulator follows. cloudrun unless given.'),
  time_scale: z
    .number()
    .min(1, 'must be at least 1')
    .max(100_000, 'must be at most 100000')
    .optional()
    .describe('Idle retention passes so many times faster. 1 unless given.'),
  idle_cpu: z
    .enum(['full', 'stop'], 'must be full or stop')
    .optional()
    .describe('stop: processes of an idle instance are stopped, which is harsher than Cloud Run.'),
  slot_after_timeout: z
    .enum(['held', 'freed'], 'must be held or freed')
    .optional()
    .describe('Whether a request that got its 504 keeps its place until the instance has answered.'),
});

export type LocalInFile = z.output<typeof localFile>;
/** What is said of one service, the target or one of the others. */
export type ServiceInFile = NonNullable<LocalInFile['others']>[number];
/** What is run for one container. */
export type ProgramInFile = Pick<z.output<typeof program>, 'command' | 'image'>;
