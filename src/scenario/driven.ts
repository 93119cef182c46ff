import type { ServiceContract } from '../contract/contract.ts';
import type { LocalService, LocalTarget, Scenario } from './scenario.ts';

/** The service that load is sent at, as it was promised. */
export function drivenContract({ contract, target }: Pick<Scenario, 'contract' | 'target'>): ServiceContract {
  return contractOf(contract, target.service);
}

/** The service that load is sent at, as it is run here. */
export function drivenService({ services, service }: LocalTarget): LocalService {
  return services.find(({ name }) => name === service) ?? services[0];
}

/** The contract of one of the services that are run; the first one's where the name is not among them. */
export function contractOf({ services }: Scenario['contract'], name: string): ServiceContract {
  return services.find((service) => service.name === name) ?? services[0];
}
