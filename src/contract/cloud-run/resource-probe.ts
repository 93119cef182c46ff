import { z } from 'zod';

const httpHeader = z.looseObject({
  name: z
    .string()
    .describe('The name of the header.')
    .meta({ examples: ['x-probe'] }),
  value: z
    .string()
    .optional()
    .describe('Its value.')
    .meta({ examples: ['1'] }),
});

const probePort = z
  .number()
  .optional()
  .describe('The port that is probed. Default: the one that takes the requests.')
  .meta({ examples: [8080] });

const httpGet = z.looseObject({
  path: z
    .string()
    .optional()
    .describe('The path that is asked for. Default: /.')
    .meta({ examples: ['/healthz'] }),
  port: probePort,
  httpHeaders: z
    .array(httpHeader)
    .optional()
    .describe('Headers that are sent with it.')
    .meta({ examples: [[{ name: 'x-probe', value: '1' }]] }),
});

const grpc = z.looseObject({
  port: probePort,
  service: z
    .string()
    .optional()
    .describe('The service that a health check would name; it has no effect here.')
    .meta({ examples: ['orders'] }),
});

/** A probe of a container, in the form of the Admin API. */
export const resourceProbe = z.looseObject({
  initialDelaySeconds: z
    .number()
    .optional()
    .describe('How long before the first probe. Default: 0.')
    .meta({ examples: [0] }),
  periodSeconds: z
    .number()
    .optional()
    .describe('How long from one probe to the next. Default: 10.')
    .meta({ examples: [1] }),
  timeoutSeconds: z
    .number()
    .optional()
    .describe('How long one probe may take. Default: 1.')
    .meta({ examples: [1] }),
  failureThreshold: z
    .number()
    .optional()
    .describe('How many failures in a row count as one. Default: 3.')
    .meta({ examples: [3] }),
  httpGet: httpGet
    .optional()
    .describe('Probes with an HTTP request.')
    .meta({ examples: [{ path: '/healthz' }] }),
  tcpSocket: z
    .looseObject({ port: probePort })
    .optional()
    .describe('Probes by opening a connection.')
    .meta({ examples: [{ port: 8080 }] }),
  grpc: grpc
    .optional()
    .describe('A gRPC health check; here its port is opened, no more.')
    .meta({ examples: [{ port: 8080 }] }),
});

export type ResourceProbe = z.output<typeof resourceProbe>;
