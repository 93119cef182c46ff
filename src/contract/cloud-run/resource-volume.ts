import { z } from 'zod';

/** A relative path that stays where it is mounted: an instance writes files there. */
export function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
}

const secretItem = z.looseObject({
  path: z
    .string()
    .refine(isInside, 'must be a path inside the mount')
    .describe('The file that holds the value, inside the mount.')
    .meta({ examples: ['password'] }),
  version: z
    .string()
    .optional()
    .describe('The version of the secret.')
    .meta({ examples: ['latest'] }),
  mode: z
    .number()
    .optional()
    .describe('The file’s mode bits. Default: those of the volume.')
    .meta({ examples: [256] }),
});

const secretVolume = z.looseObject({
  secret: z
    .string()
    .describe('The name of the secret.')
    .meta({ examples: ['db-password'] }),
  items: z
    .array(secretItem)
    .optional()
    .describe('The files that hold it. Default: one, of the secret’s name.')
    .meta({ examples: [[{ path: 'password', version: 'latest' }]] }),
  defaultMode: z
    .number()
    .optional()
    .describe('The mode bits of its files.')
    .meta({ examples: [292] }),
});

const cloudSqlVolume = z.looseObject({
  instances: z
    .array(z.string())
    .optional()
    .describe('Connection names of the instances.')
    .meta({ examples: [['my-project:europe-west1:orders']] }),
});

/** A volume, in the form of the Admin API. */
export const resourceVolume = z.looseObject({
  name: z
    .string()
    .describe('The name that mounts refer to.')
    .meta({ examples: ['keys'] }),
  secret: secretVolume
    .optional()
    .describe('Files that hold a secret.')
    .meta({ examples: [{ secret: 'db-password' }] }),
  cloudSqlInstance: cloudSqlVolume
    .optional()
    .describe('Sockets of Cloud SQL.')
    .meta({ examples: [{ instances: ['my-project:europe-west1:orders'] }] }),
  emptyDir: z
    .looseObject({})
    .optional()
    .describe('An empty folder of the instance.')
    .meta({ examples: [{ medium: 'MEMORY' }] }),
});

export type ResourceVolume = z.output<typeof resourceVolume>;
