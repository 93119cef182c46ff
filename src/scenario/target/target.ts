import { z } from 'zod';
import { localShape, writeLocal } from './local-codec.ts';
import type { LocalTarget } from './local-target.ts';

/** Where the service runs; `kind` is the key under `target:`. */
export type Target = LocalTarget;

/** `target:`. */
export const targetShape = z.strictObject({
  local: localShape
    .describe('Runs the services here, under the Cloud Run emulator.')
    .meta({ examples: [{ service: './service.yaml', command: ['node', 'server.mjs'] }] }),
});

export type TargetInFile = z.output<typeof targetShape>;

/** The target as it stands in the file, each service in the form that was deployed first. */
export function writeTarget(target: Target): TargetInFile {
  return { local: writeLocal(target) };
}
