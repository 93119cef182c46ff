import { hasPrograms } from '../../support/has-programs.ts';
import type { Promises } from './runs.ts';

/**
 * What `npm test` runs live: the main job kept and broken; a rollout through the Admin API, with two revisions; and two
 * services that share a database. The last two also take the least time.
 */
export const four: Promises = {
  'burst.yaml': 'PASS',
  'burst-unbudgeted.yaml': 'FAIL',
  'rollout-overlap-unbudgeted.yaml': 'FAIL',
  'shared-database-over.yaml': 'FAIL',
};

/** What only `npm run test:full` runs live. */
export const others: Promises = {
  'cold-start.yaml': 'PASS',
  'cold-start-unbudgeted.yaml': 'FAIL',
  'rollout-overlap.yaml': 'PASS',
  'shared-database.yaml': 'PASS',
  'credential-rotation.yaml': 'PASS',
  'credential-rotation-cached.yaml': 'FAIL',
  'retry-storm.yaml': 'PASS',
  'retry-storm-unbounded.yaml': 'FAIL',
  'overload.yaml': 'PASS',
};

/** The same, with PgBouncer. */
export const pooled: Promises = { 'pooler.yaml': 'PASS', 'pooler-fan-out.yaml': 'FAIL' };

export const hasPooler = hasPrograms('scenarios with a pooler', ['pgbouncer']);
