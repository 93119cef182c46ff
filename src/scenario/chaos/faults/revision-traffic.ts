import { z } from 'zod';
import type { FaultSpec } from '../fault-spec.ts';

/** Percent by revision: `latest`, `previous`, or a revision's name. */
export interface RevisionTraffic {
  readonly kind: 'revision.traffic';
  readonly percent: Readonly<Record<string, number>>;
}

/** A revision's name begins with its service's and a dash. */
function isRevision(name: string): boolean {
  return name === 'latest' || name === 'previous' || /^[a-z0-9]+-[a-z0-9-]*[a-z0-9]$/.test(name);
}

const percent = z
  .record(z.string(), z.int().min(0, 'must be at least 0').max(100, 'must be at most 100'))
  .refine(
    (given) => Object.values(given).reduce((total, value) => total + value, 0) === 100,
    'the percentages must sum to 100',
  )
  .superRefine((given, context) => {
    for (const name of Object.keys(given).filter((key) => !isRevision(key)))
      context.addIssue({
        code: 'custom',
        message: 'expected latest, previous or the name of a revision',
        path: [name],
      });
  });

const shape = z.strictObject({
  percent: percent
    .describe('The share of each revision, by its name, "latest" or "previous"; 100 in all.')
    .meta({ examples: [{ latest: 10, previous: 90 }] }),
});

export const revisionTraffic: FaultSpec<RevisionTraffic> = {
  kind: 'revision.traffic',
  undoable: true,
  needs: ['admin_api'],
  parameters: z
    .codec(shape, z.custom<RevisionTraffic>(), {
      decode: (given): RevisionTraffic => ({ kind: 'revision.traffic', percent: given.percent }),
      encode: (fault) => ({ percent: { ...fault.percent } }),
    })
    .describe('Splits the traffic between revisions.')
    .meta({ examples: [{ percent: { latest: 10, previous: 90 } }] }),
};
