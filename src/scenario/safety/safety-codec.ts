import { z } from 'zod';

/** What a run may touch, and what it may do there. */
export interface Safety {
  readonly allowHosts: readonly string[];
  readonly denyHosts: readonly string[];
  readonly allowExec: boolean;
  /** Faults that may do harm on a server that poolproof did not start. */
  readonly allowDestructive: readonly string[];
  readonly acceptOvercommit: boolean;
}

const host = z.string().min(1);

/** `safety:`. */
export const safetyShape = z.strictObject({
  allow_hosts: z
    .array(host)
    .optional()
    .describe('The hosts and Cloud SQL instances that may be touched. Default: 127.0.0.1 alone.')
    .meta({ examples: [['127.0.0.1', 'db.staging.example']] }),
  deny_hosts: z
    .array(host)
    .optional()
    .describe('Never touched, whatever else is allowed; *.example.com for all below it. Default: none.')
    .meta({ examples: [['*.prod.example.com']] }),
  allow_exec: z
    .boolean()
    .optional()
    .describe('Lets the fault "exec" run commands of this machine. Default: false.')
    .meta({ examples: [true] }),
  allow_destructive: z
    .array(z.string())
    .optional()
    .describe('Faults that may do harm on a server that poolproof did not start. Default: none.')
    .meta({ examples: [['db.terminate']] }),
  accept_overcommit: z
    .boolean()
    .optional()
    .describe('Runs although the static budget does not fit; no verdict changes by it. Default: false.')
    .meta({ examples: [true] }),
});

export type SafetyInFile = z.output<typeof safetyShape>;

/** Fills the defaults. */
export function makeSafety(given: SafetyInFile): Safety {
  return {
    allowHosts: given.allow_hosts ?? ['127.0.0.1'],
    denyHosts: given.deny_hosts ?? [],
    allowExec: given.allow_exec ?? false,
    allowDestructive: given.allow_destructive ?? [],
    acceptOvercommit: given.accept_overcommit ?? false,
  };
}

/** The inverse of `makeSafety`. */
export function writeSafety(safety: Safety): SafetyInFile {
  return {
    allow_hosts: [...safety.allowHosts],
    deny_hosts: [...safety.denyHosts],
    allow_exec: safety.allowExec,
    allow_destructive: [...safety.allowDestructive],
    accept_overcommit: safety.acceptOvercommit,
  };
}
