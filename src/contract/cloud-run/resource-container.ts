import { z } from 'zod';
import { resourceProbe } from './resource-probe.ts';

const keyRef = z.looseObject({
  secret: z
    .string()
    .describe('The name of the secret.')
    .meta({ examples: ['db-password'] }),
  version: z
    .string()
    .optional()
    .describe('Its version.')
    .meta({ examples: ['latest'] }),
});

const valueSource = z.looseObject({
  secretKeyRef: keyRef
    .optional()
    .describe('The secret that holds the value.')
    .meta({ examples: [{ secret: 'db-password', version: 'latest' }] }),
});

const envVar = z.looseObject({
  name: z
    .string()
    .describe('The name of the variable.')
    .meta({ examples: ['LOG_LEVEL'] }),
  value: z
    .string()
    .optional()
    .describe('Its value.')
    .meta({ examples: ['warn'] }),
  valueSource: valueSource
    .optional()
    .describe('Where its value comes from, in place of "value".')
    .meta({ examples: [{ secretKeyRef: { secret: 'db-password', version: 'latest' } }] }),
});

const containerPort = z.looseObject({
  name: z
    .string()
    .optional()
    .describe('The protocol: http1. h2c is refused here.')
    .meta({ examples: ['http1'] }),
  containerPort: z
    .number()
    .optional()
    .describe('The port that it listens on. Default: 8080.')
    .meta({ examples: [8080] }),
});

const resources = z.looseObject({
  limits: z
    .record(z.string(), z.string())
    .optional()
    .describe('How much CPU and memory it may use.')
    .meta({ examples: [{ cpu: '1', memory: '512Mi' }] }),
  cpuIdle: z
    .boolean()
    .optional()
    .describe('Whether CPU is taken away between requests.')
    .meta({ examples: [true] }),
});

const volumeMount = z.looseObject({
  name: z
    .string()
    .describe('The volume.')
    .meta({ examples: ['keys'] }),
  mountPath: z
    .string()
    .describe('Where the container finds it.')
    .meta({ examples: ['/secrets'] }),
});

/** A container of a revision, in the form of the Admin API. */
export const resourceContainer = z.looseObject({
  name: z
    .string()
    .optional()
    .describe('Its name; needed where there are several.')
    .meta({ examples: ['api'] }),
  image: z
    .string()
    .optional()
    .describe('The image, run by Docker.')
    .meta({ examples: ['shop:dev'] }),
  command: z
    .array(z.string())
    .optional()
    .describe('The program and its first arguments. Default: the image’s own.')
    .meta({ examples: [['node']] }),
  args: z
    .array(z.string())
    .optional()
    .describe('The arguments behind "command".')
    .meta({ examples: [['server.mjs']] }),
  workingDir: z
    .string()
    .optional()
    .describe('The folder that it starts in.')
    .meta({ examples: ['/app'] }),
  env: z
    .array(envVar)
    .optional()
    .describe('Its environment.')
    .meta({ examples: [[{ name: 'LOG_LEVEL', value: 'warn' }]] }),
  ports: z
    .array(containerPort)
    .optional()
    .describe('The port that takes the requests: only the ingress container has one.')
    .meta({ examples: [[{ containerPort: 8080 }]] }),
  resources: resources
    .optional()
    .describe('What it may use.')
    .meta({ examples: [{ limits: { cpu: '1', memory: '512Mi' } }] }),
  volumeMounts: z
    .array(volumeMount)
    .optional()
    .describe('Volumes that it sees.')
    .meta({ examples: [[{ name: 'keys', mountPath: '/secrets' }]] }),
  startupProbe: resourceProbe
    .optional()
    .describe('When it counts as started. Default: where it takes the requests, once its port is open.')
    .meta({ examples: [{ httpGet: { path: '/ready' }, periodSeconds: 1 }] }),
  livenessProbe: resourceProbe
    .optional()
    .describe('When it is restarted. Default: never.')
    .meta({ examples: [{ httpGet: { path: '/healthz' } }] }),
  readinessProbe: resourceProbe
    .optional()
    .describe('When it gets requests. Default: as long as it runs.')
    .meta({ examples: [{ httpGet: { path: '/ready' } }] }),
  dependsOn: z
    .array(z.string())
    .optional()
    .describe('Containers that must have started before this one, by name.')
    .meta({ examples: [['pooler']] }),
});

export type ResourceContainer = z.output<typeof resourceContainer>;
