import { once } from 'node:events';
import { connect, type NetConnectOpts } from 'node:net';

/** Where Docker listens unless `DOCKER_HOST` says otherwise. */
export const usualHost = 'unix:///var/run/docker.sock';

const limitMs = 2000;
const usualPort = 2375;

/** Opens a connection to the address in a `DOCKER_HOST` and closes it. Rejects with the system's error. */
export async function reachDocker(host: string): Promise<void> {
  const address = addressOf(host);
  if (address === null) return;
  const socket = connect({ ...address, signal: AbortSignal.timeout(limitMs) });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

/** Null for schemes that Node can't open by itself, such as `ssh:`. */
function addressOf(host: string): NetConnectOpts | null {
  if (!URL.canParse(host)) throw new Error(`DOCKER_HOST is not a URL: ${host}`);
  const { protocol, hostname, port, pathname } = new URL(host);
  if (protocol === 'unix:') return { path: pathname };
  if (!['tcp:', 'http:', 'https:'].includes(protocol)) return null;
  return { host: hostname, port: port === '' ? usualPort : Number(port) };
}
