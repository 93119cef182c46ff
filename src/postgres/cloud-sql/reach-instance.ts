import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { within } from '../../base/deadline.ts';
import type { CloudSqlLogin, CloudSqlPostgres } from '../../scenario/postgres/postgres-target.ts';
import type { Login } from '../postgres-server.ts';
import { cannotReach } from './connect-problem.ts';
import { loadConnector } from './load-connector.ts';
import { openTunnel, type OpenUpstream, type Tunnel } from './tunnel.ts';

/** An instance within reach, with a tunnel for each way of logging in. */
export interface ReachedInstance {
  readonly loginOf: (given: CloudSqlLogin) => Login;
  readonly close: () => Promise<void>;
}

type Library = Awaited<ReturnType<typeof loadConnector>>;
type Auth = CloudSqlLogin['auth'];

/** The Admin API is asked twice, and the connector asks again where it fails. */
const askLimitMs = 30_000;
const dialLimitMs = 10_000;

/** Asks the Admin API where the instance is, checks that it answers, and opens the tunnels to it. */
export async function reachInstance(target: CloudSqlPostgres): Promise<ReachedInstance> {
  const library = await loadConnector();
  const tunnels = new Map<Auth, Tunnel>();
  const close = async (): Promise<void> => {
    await Promise.all([...tunnels.values()].map((tunnel) => tunnel.close()));
  };
  try {
    for (const auth of waysOf(target)) tunnels.set(auth, await tunnelBy(library, target, auth));
  } catch (error) {
    await close();
    throw cannotReach(target.instance, error);
  }
  return { loginOf: (given) => loginThrough(tunnels, given), close };
}

function waysOf({ service, others, monitor, headroom, admin }: CloudSqlPostgres): ReadonlySet<Auth> {
  const logins = [service, ...Object.values(others), monitor, headroom, admin];
  return new Set(logins.flatMap((login) => (login === null ? [] : [login.auth])));
}

/** A connector for each: one whose first question has failed can't be closed without harm to the process. */
async function tunnelBy(library: Library, target: CloudSqlPostgres, auth: Auth): Promise<Tunnel> {
  const { adminApi } = target;
  const connector = new library.Connector(adminApi === undefined ? {} : { sqlAdminAPIEndpoint: adminApi });
  const asked = connector.getOptions(questionOf(library, target, auth));
  asked.catch(() => undefined);
  const options = await within(asked, askLimitMs, null);
  if (options === null) throw new Error(`no answer of the Admin API within ${askLimitMs / 1000} s`);
  const open: OpenUpstream = () => options.stream();
  try {
    await dial(options.stream());
    const tunnel = await openTunnel(open);
    const close = async (): Promise<void> => {
      await tunnel.close();
      connector.close();
    };
    return { ...tunnel, close };
  } catch (error) {
    connector.close();
    throw error;
  }
}

function questionOf(
  { AuthTypes, IpAddressTypes }: Library,
  { instance, ipType }: CloudSqlPostgres,
  auth: Auth,
): Parameters<InstanceType<Library['Connector']>['getOptions']>[0] {
  const ipTypes = {
    public: IpAddressTypes.PUBLIC,
    private: IpAddressTypes.PRIVATE,
    psc: IpAddressTypes.PSC,
  } as const;
  return {
    instanceConnectionName: instance,
    ipType: ipTypes[ipType],
    authType: auth === 'iam' ? AuthTypes.IAM : AuthTypes.PASSWORD,
  };
}

/** One connection there and back: of a failure, a tunnel could say no more than that it broke. */
async function dial(socket: TLSSocket): Promise<void> {
  try {
    const connected = once(socket, 'secureConnect').then(() => true);
    connected.catch(() => undefined);
    if (!(await within(connected, dialLimitMs, false)))
      throw new Error(`no answer at its address within ${dialLimitMs / 1000} s`);
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

function loginThrough(
  tunnels: ReadonlyMap<Auth, Tunnel>,
  { user, password, database, auth }: CloudSqlLogin,
): Login {
  const tunnel = tunnels.get(auth);
  if (tunnel === undefined) throw new TypeError(`no tunnel for ${auth}`);
  return { host: tunnel.host, port: tunnel.port, user, password, database };
}
