import { platformTells, type PlatformTells } from '../../../evidence/record/platform-record.ts';
import type { RunFacts } from '../run-facts.ts';

/** What a platform may tell about a service. */
export type Told = keyof Pick<PlatformTells, 'instances' | 'revisions'>;

/** Whether this run's platform tells it. */
export function isTold({ record }: Pick<RunFacts, 'record'>, what: Told): boolean {
  return platformTells(record.platform)[what];
}
