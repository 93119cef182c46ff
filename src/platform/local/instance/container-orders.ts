import { dirname, join } from 'node:path';
import type { ImageOrders, Mount } from '../docker/docker-instance.ts';
import { commandText, containerEnv } from './container-env.ts';
import type { ContainerFacts } from './container-facts.ts';
import type { ContainerOrders } from './container-run.ts';
import type { InstanceOrders } from './instance-orders.ts';
import type { PlannedContainer } from './instance-plan.ts';
import type { Surroundings } from './surroundings.ts';
import type { VolumePath } from './volume-paths.ts';

/** How one container is run, with every reference in its texts resolved. */
export type RunOrders =
  | { readonly kind: 'process'; readonly orders: ContainerOrders }
  | { readonly kind: 'image'; readonly orders: ImageOrders };

/** Throws `EnvironmentError` for a secret that has no value here. */
export function containerOrders(
  orders: InstanceOrders,
  { spec, source }: PlannedContainer,
  around: Surroundings,
  onLine: ContainerOrders['onLine'],
): RunOrders {
  const mounted = mountedVolumes(spec.mounts, orders, around);
  const host = (source.kind === 'image' ? around.docker?.hostName : undefined) ?? around.host;
  const facts: ContainerFacts = {
    service: orders.service.name,
    revision: orders.revision,
    instance: orders.id,
    container: spec.name,
    ingress: spec.ingress,
    ports: around.ports,
    database: databaseOf(orders, around, host),
    metadataHost: `${host}:${around.metadataPort}`,
    declared: spec.env,
    secrets: around.secrets,
    // Docker mounts a volume where it is declared; a process reads it where it lies.
    volumes: source.kind === 'image' ? mounted.map(asMounted) : mounted,
    own: source.kind === 'image' ? {} : process.env,
  };
  const env = containerEnv(facts);
  const resolved = (texts: readonly string[]): readonly string[] =>
    texts.map((text) => commandText(text, facts, env));
  const common = { name: spec.name, command: resolved(source.command), env, onLine };
  if (source.kind === 'process') return { kind: 'process', orders: { ...common, cwd: source.cwd } };
  return {
    kind: 'image',
    orders: {
      ...common,
      cwd: spec.workingDir,
      image: source.image,
      args: resolved(source.args),
      mounts: [...mounted.map(mountOf), ...passwordMounts(facts.database)],
      limits: spec.limits,
    },
  };
}

/** The database as the container reaches it: through the instance's own link. */
function databaseOf(
  { service: { database } }: InstanceOrders,
  { link }: Surroundings,
  host: string,
): ContainerFacts['database'] {
  return database === null || link === null ? null : { ...database, host, port: link.port };
}

/** The folder, at its own path: a mounted file would never change, and the password file is replaced. */
function passwordMounts(database: ContainerFacts['database']): readonly Mount[] {
  if (database?.passwordFile === undefined) return [];
  const folder = dirname(database.passwordFile);
  return [{ from: folder, to: folder, readOnly: true }];
}

interface MountedVolume extends VolumePath {
  readonly readOnly: boolean;
}

/** Cloud SQL sockets are at /cloudsql, mounted there or not. */
function mountedVolumes(
  mounts: readonly { readonly volume: string; readonly path: string }[],
  { spec: { volumes } }: InstanceOrders,
  { folder }: Surroundings,
): readonly MountedVolume[] {
  const sql = volumes.find(({ kind }) => kind === 'cloud_sql');
  const all = [...mounts, ...(sql === undefined ? [] : [{ volume: sql.name, path: '/cloudsql' }])];
  const byPath = new Map<string, MountedVolume>();
  for (const { volume, path } of all) {
    const local = folder?.volumes.get(volume);
    if (local === undefined) continue;
    const mounted = join('/', path).replace(/(?<=.)\/+$/, '');
    const readOnly = volumes.find(({ name }) => name === volume)?.kind === 'secret';
    byPath.set(mounted, { mounted, local, readOnly });
  }
  return [...byPath.values()];
}

function asMounted({ mounted }: MountedVolume): VolumePath {
  return { mounted, local: mounted };
}

function mountOf({ mounted, local, readOnly }: MountedVolume): Mount {
  return { from: local, to: mounted, readOnly };
}
