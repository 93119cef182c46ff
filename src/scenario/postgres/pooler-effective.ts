import type { PoolerTarget } from './pooler-target.ts';

/** One of `poolers` with everything written out; its password is blotted out. */
export function effectivePooler({ name, service, place, user, clients }: PoolerTarget): object {
  const where =
    place.kind === 'container' ? { container: place.container } : { host: place.host, port: place.port };
  return {
    name,
    service,
    ...(clients === null ? {} : { clients }),
    admin: { ...where, user, password: '[redacted]' },
  };
}
