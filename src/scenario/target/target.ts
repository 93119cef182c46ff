import { z } from 'zod';
import { label } from '../language/label.ts';
import { localShape, makeLocal, writeLocal } from './local-codec.ts';
import type { LocalService, LocalTarget } from './local-target.ts';

/** Where the service runs. Every kind has `service`, the one that load is sent at, and all `services` by their names. */
export type Target = LocalTarget | UrlTarget;

/** A service that already runs somewhere, behind an address. */
export interface UrlTarget {
  readonly kind: 'url';
  /** Its name in the contract. */
  readonly service: string;
  readonly services: readonly [{ readonly name: string }];
  /** Scheme, host and port, such as `https://api.example.com`. */
  readonly url: string;
}

/** `target:`, one of its places. */
export const targetShape = z.strictObject({
  local: localShape
    .optional()
    .describe('Runs the services here, under the Cloud Run emulator.')
    .meta({ examples: [{ service: './service.yaml', command: ['node', 'server.mjs'] }] }),
  url: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe('Where the service already answers: scheme, host and port.')
    .meta({ examples: ['http://127.0.0.1:8080', 'https://api.example.com'] }),
  name: label
    .optional()
    .describe('Which of the contract’s services answers at "url", where several are declared.')
    .meta({ examples: ['api'] }),
});

export type TargetInFile = z.output<typeof targetShape>;

/** The target with every default. `services` are those that run here; `driven` is the name of the one at an address. */
export function makeTarget(
  { local, url = '' }: TargetInFile,
  [first, ...others]: readonly LocalService[],
  driven: string,
): Target {
  if (first !== undefined) return makeLocal(local ?? {}, [first, ...others]);
  const origin = URL.canParse(url) ? new URL(url).origin : url;
  return { kind: 'url', service: driven, services: [{ name: driven }], url: origin };
}

/** The target as it stands in the file, each service in the form that was deployed first. */
export function writeTarget(target: Target): TargetInFile {
  return target.kind === 'url' ? { url: target.url, name: target.service } : { local: writeLocal(target) };
}
