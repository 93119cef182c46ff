import type { ServiceContract } from '../../contract/contract.ts';
import type { Scenario } from '../scenario.ts';
import type { LocalService, LocalTarget } from './local-target.ts';

/** The service that load is sent at, as it was promised. */
export function drivenContract({ contract, target }: Pick<Scenario, 'contract' | 'target'>): ServiceContract {
  return contractOf(contract, target.service);
}

/** The service that load is sent at, as it runs here. */
export function drivenService({ services, service }: LocalTarget): LocalService {
  return services.find(({ name }) => name === service) ?? services[0];
}

/** The contract of one of the services that run; the first one's if the name is unknown. */
export function contractOf({ services }: Scenario['contract'], name: string): ServiceContract {
  return services.find((service) => service.name === name) ?? services[0];
}
