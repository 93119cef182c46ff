import getPort from 'get-port';
import { EnvironmentError } from '../../base/errors.ts';
import { configureCluster } from './init-cluster.ts';
import { startPostmaster, type Postmaster, type PostmasterOrders } from './postmaster.ts';
import { formatSettings } from './settings.ts';

const attempts = 3;

/** Starts the server on a free port. If another process takes it first, tries another one. */
export async function startOnFreePort(
  orders: PostmasterOrders & { readonly maxConnections: number },
): Promise<{ postmaster: Postmaster; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await getPort({ host: '127.0.0.1' });
    // When a setting is given twice, the server takes the last.
    await configureCluster(orders.folder, formatSettings({ ...orders, port }));
    try {
      return { postmaster: await startPostmaster(orders), port };
    } catch (error) {
      const isTaken = error instanceof EnvironmentError && error.message.includes('Address already in use');
      if (!isTaken || attempt >= attempts) throw error;
    }
  }
}
