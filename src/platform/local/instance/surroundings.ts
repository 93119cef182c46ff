import { EnvironmentError, KnownError, messageOf, type Problem } from '../../../base/errors.ts';
import { makeTeardown } from '../../../base/teardown.ts';
import type { RunningLink } from '../../../link/link.ts';
import type { DockerInstance } from '../docker/docker-instance.ts';
import { givePorts, reachedPorts, type GivenPorts } from './ports/given-ports.ts';
import { makeInstanceFolder, type InstanceFolder } from './instance-folder.ts';
import type { InstanceOrders, InstanceSetting } from './instance-orders.ts';
import { planInstance, type InstancePlan } from './instance-plan.ts';
import { startMetadataServer } from './metadata/metadata-server.ts';
import { readSecrets, secretTexts } from './secrets.ts';

/** What the containers of one instance need before the first of them is started. */
export interface Surroundings {
  readonly plan: Extract<InstancePlan, { kind: 'plan' }>;
  readonly ports: GivenPorts;
  /** The address of this machine at which link and metadata server listen. */
  readonly host: string;
  readonly secrets: ReadonlyMap<string, string>;
  /** Null for a revision without volumes. */
  readonly folder: InstanceFolder | null;
  /** Null when every container is a process. */
  readonly docker: DockerInstance | null;
  /** Port of the metadata server. */
  readonly metadataPort: number;
  /** Null when the service has no database. Not closed with the rest: sessions may outlive the instance. */
  readonly link: RunningLink | null;
  readonly close: () => Promise<void>;
}

export type Prepared =
  | { readonly kind: 'prepared'; readonly surroundings: Surroundings }
  | { readonly kind: 'impossible'; readonly problem: Problem };

/** How long each part may take to go. */
const closeLimitMs = 2000;
const dockerLimitMs = 30_000;

const loopback = '127.0.0.1';

/** Prepares everything that containers need; nothing is left of it when something is missing. */
export async function prepare(setting: InstanceSetting, orders: InstanceOrders): Promise<Prepared> {
  const teardown = makeTeardown();
  const close = async (): Promise<void> => {
    await teardown.run();
  };
  const undoLater: UndoLater = (name, step, limitMs = closeLimitMs) => teardown.add(name, limitMs, step);
  try {
    return { kind: 'prepared', surroundings: { ...(await surround(setting, orders, undoLater)), close } };
  } catch (error) {
    await close();
    return { kind: 'impossible', problem: problemOf(error) };
  }
}

type UndoLater = (name: string, step: () => Promise<void>, limitMs?: number) => void;

async function surround(
  setting: InstanceSetting,
  orders: InstanceOrders,
  undoLater: UndoLater,
): Promise<Omit<Surroundings, 'close'>> {
  const { service, spec, id } = orders;
  const plan = planInstance(service, spec);
  if (plan.kind === 'impossible') throw new EnvironmentError([plan.problem]);
  const secrets = await readSecrets(spec, service.secretFiles);
  const folder =
    spec.volumes.length === 0 ? null : await makeInstanceFolder(spec.volumes, secrets, setting.guard);
  if (folder !== null) undoLater('folder', folder.remove);
  const ports = await givePorts(plan.containers);
  const docker = await startDocker(setting, orders, { plan, ports });
  if (docker !== null) undoLater('docker', () => docker.remove(), dockerLimitMs);
  const host = docker?.hostAddress ?? loopback;
  const { project, location } = setting;
  const names = docker === null ? [] : [docker.hostName];
  const metadata = await startMetadataServer({ project, location, instance: id, names }, host);
  undoLater('metadata server', metadata.close);
  // Last, since it is left to others in the end.
  const link = await startLinkOf(setting, orders, host, folder);
  const around = { plan, ports, host, folder, docker, link };
  return { ...around, secrets: secretTexts(secrets), metadataPort: metadata.port };
}

/** Those of the containers that come from images share one network. */
async function startDocker(
  { guard }: InstanceSetting,
  { id, revision }: InstanceOrders,
  { plan, ports }: Pick<Surroundings, 'plan' | 'ports'>,
): Promise<DockerInstance | null> {
  const images = plan.containers.filter(({ source }) => source.kind === 'image').map(({ spec }) => spec);
  if (images.length === 0) return null;
  const { startDockerInstance } = await import('../docker/start-docker-instance.ts');
  return startDockerInstance({
    name: `${revision}-${id}`,
    containers: images.map(({ name }) => name),
    ports: reachedPorts(images, ports),
    guard,
  });
}

async function startLinkOf(
  { clock, onEvent }: InstanceSetting,
  { service, links, revision, id }: InstanceOrders,
  host: string,
  folder: InstanceFolder | null,
): Promise<RunningLink | null> {
  if (service.database === null) return null;
  const link = await links.start({
    upstream: { host: service.database.host, port: service.database.port },
    clock,
    whose: { service: service.name, revision, instance: id },
    onEvent,
    onWork: onEvent,
    host,
    socketPaths: folder?.sockets ?? [],
  });
  try {
    await folder?.alias(link.port);
  } catch (error) {
    await link.close();
    throw error;
  }
  return link;
}

function problemOf(error: unknown): Problem {
  const [first] = error instanceof KnownError ? error.problems : [];
  return first ?? { message: `the instance could not be prepared: ${messageOf(error)}` };
}
