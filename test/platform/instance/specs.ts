import { revisionSpecOf, type RevisionSpec } from '../../../src/contract/cloud-run/revision-spec.ts';
import type { RevisionTemplate } from '../../../src/contract/cloud-run/service-resource.ts';
import type { ServiceOrders } from '../../../src/platform/local/emulator-orders.ts';

/** A service with the containers given, each run by the program of its name. */
export function serviceOf(
  template: RevisionTemplate,
  more: Partial<ServiceOrders> = {},
): { readonly service: ServiceOrders; readonly spec: RevisionSpec } {
  const service: ServiceOrders = {
    name: 'api',
    resource: { template },
    programs: {},
    cwd: '/srv',
    secretFiles: {},
    startupDelayMs: 0,
    database: null,
    port: 0,
    ...more,
  };
  return { service, spec: revisionSpecOf(template) };
}
