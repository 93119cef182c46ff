import { z } from 'zod';
import { serviceResource } from '../../contract/cloud-run/service-resource.ts';
import { label } from '../language/label.ts';
import { durationMs } from '../language/with-unit.ts';
import { emulationShape, makeEmulation, writeEmulation } from './emulation-codec.ts';
import { ingressName } from './local-resource.ts';
import type { LocalService, LocalTarget } from './local-target.ts';
import { commandShape, envShape, imageShape, programShape, writeProgram } from './program-codec.ts';

/** With an id, so that the published schema holds it once. */
const resource = serviceResource.meta({
  id: 'service_resource',
  description: 'A service in the form of the Cloud Run Admin API v2.',
});

const serviceKeys = {
  service: z
    .string()
    .min(1)
    .optional()
    .describe('A Cloud Run service.yaml; it fills the contract too.')
    .meta({ examples: ['./service.yaml'] }),
  name: label
    .optional()
    .describe('Which of the contract’s services this is. Default: the name in service.yaml.')
    .meta({ examples: ['api'] }),
  image: imageShape
    .optional()
    .describe('The image of the container that takes the requests, run by Docker.')
    .meta({ examples: ['shop:dev'] }),
  command: commandShape
    .optional()
    .describe('Program and arguments of the container that takes the requests, run in the scenario’s folder.')
    .meta({ examples: [['node', 'server.mjs']] }),
  env: envShape
    .optional()
    .describe('Environment of the container that takes the requests, over that of service.yaml.')
    .meta({ examples: [{ LOG_LEVEL: 'warn' }] }),
  containers: z
    .record(z.string(), programShape)
    .optional()
    .describe('The other containers of service.yaml, by name.')
    .meta({ examples: [{ pooler: { command: ['pgbouncer', 'pooler.ini'] } }] }),
  secrets: z
    .record(z.string(), z.string().min(1, 'must not be empty'))
    .optional()
    .describe('Files that hold the values of secrets, by the secret’s name in service.yaml.')
    .meta({ examples: [{ 'api-key': './secrets/api-key' }] }),
  startup_delay: durationMs
    .optional()
    .describe('Added to the real start of every instance, to stand for image pull. Default: 0s.')
    .meta({ examples: ['800ms'] }),
  resource: resource
    .optional()
    .describe('The service in the form of the Admin API v2, in place of service.yaml; taken as it stands.')
    .meta({ examples: [{ template: { containers: [{ name: 'api', command: ['node', 'server.mjs'] }] } }] }),
};

/** `target.local`. */
export const localShape = z.strictObject({
  ...serviceKeys,
  others: z
    .array(z.strictObject(serviceKeys))
    .min(1, 'at least one service is needed')
    .optional()
    .describe('Services that run beside it on the same database, each with its line in the contract.')
    .meta({ examples: [[{ service: './worker.yaml', command: ['node', 'worker.mjs'] }]] }),
  ...emulationShape.shape,
});

export type LocalInFile = z.output<typeof localShape>;
/** What is said of one service, the target or one of the others. */
export type ServiceInFile = NonNullable<LocalInFile['others']>[number];

/** The target, of services that were put together from all that is said of them. */
export function makeLocal(given: LocalInFile, services: LocalTarget['services']): LocalTarget {
  return { kind: 'local', service: services[0].name, services, emulation: makeEmulation(given) };
}

/** The inverse: each service in the form that was deployed first, every default written out. */
export function writeLocal({ services: [service, ...others], emulation }: LocalTarget): LocalInFile {
  return {
    ...writeService(service),
    ...(others.length === 0 ? {} : { others: others.map(writeService) }),
    ...writeEmulation(emulation),
  };
}

function writeService(service: LocalService): ServiceInFile {
  const ingress = ingressName(service.resource);
  const sidecars = Object.entries(service.programs).filter(([name]) => name !== ingress);
  const program = service.programs[ingress];
  return {
    name: service.name,
    ...(program === undefined ? {} : writeProgram(program)),
    ...(sidecars.length === 0
      ? {}
      : { containers: Object.fromEntries(sidecars.map(([name, one]) => [name, writeProgram(one)])) }),
    ...(Object.keys(service.secretFiles).length === 0 ? {} : { secrets: { ...service.secretFiles } }),
    startup_delay: service.startupDelayMs,
    resource: service.resource,
  };
}
