import type * as Library from '@google-cloud/cloud-sql-connector';
import { EnvironmentError } from '../../base/errors.ts';

/** Google's connector, when it is used: an optional dependency. */
export async function loadConnector(): Promise<typeof Library> {
  try {
    return await import('@google-cloud/cloud-sql-connector');
  } catch (error) {
    throw new EnvironmentError(
      [
        {
          message: "postgres.cloud_sql needs Google's connector, which is not installed",
          hint: 'npm install @google-cloud/cloud-sql-connector@1.10.0',
        },
      ],
      { cause: error },
    );
  }
}
