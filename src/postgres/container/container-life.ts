import { getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers';
import { within } from '../../base/deadline.ts';
import { EnvironmentError, messageOf } from '../../base/errors.ts';
import { endLimitMs, harderThan, look, untilRecovered } from '../control/server-end.ts';
import type { Login, Restarted, RestartMode, RunningPostgres, ServerProcesses } from '../postgres-server.ts';
import { countStoppedInside, signalInside } from './container-signals.ts';
import { makeFreezer, type DockerContainer } from './freezer.ts';
import { removeLeft } from './remove-left.ts';
import { untilItAnswers } from './until-it-answers.ts';

/** What the life of a container is made of. */
export interface ContainerLifeOrders {
  readonly container: StartedTestContainer;
  readonly label: string;
  readonly monitor: Login;
  /** It runs anew since then, in seconds since 1970. */
  readonly onRestarted: (since: number) => Promise<void>;
}

type Life = Pick<RunningPostgres, 'lost' | 'stop'> & { readonly processes: ServerProcesses };

/** The harder ways of ending a server, each with how long it has. */
const harderSteps = [
  { signal: 'SIGINT', waitMs: 5000 },
  { signal: 'SIGQUIT', waitMs: 6500 },
  { signal: 'SIGKILL', waitMs: 5000 },
] as const;

const signals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** One start of the container after the other; only an end that nobody asked for is a loss. */
export async function containerLife(orders: ContainerLifeOrders): Promise<Life> {
  const { container: docker } = await getContainerRuntimeClient();
  const own = docker.getById(orders.container.getId());
  let stopped: Promise<void> | null = null;
  let expected = false;
  let tellLost: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (tellLost = resolve));
  const watch = (): Promise<string> => {
    const ended = endOf(own);
    void ended.then((why) => {
      if (stopped === null && !expected) tellLost(`Postgres is gone: ${why}`);
    });
    return ended;
  };
  let ended = watch();

  const { freeze, thaw } = makeFreezer(own, orders);
  const restart = async (mode: RestartMode): Promise<Restarted> => {
    await thaw();
    if (mode === 'crash') return crash(orders);
    expected = true;
    try {
      const harder = await endBy(own, ended, mode);
      await own.start();
      const { State: state } = await own.inspect();
      await orders.onRestarted(Date.parse(state.StartedAt) / 1000);
      await untilItAnswers(orders.monitor, new AbortController().signal);
      return { harder };
    } catch (error) {
      tellLost(`Postgres does not come back: ${messageOf(error)}`);
      throw error;
    } finally {
      expected = false;
      ended = watch();
    }
  };
  return {
    lost,
    stop: () => (stopped ??= removeLeft(orders.label)),
    processes: { restart, freeze, thaw, stopped: (pids) => countStoppedInside(orders.container, pids) },
  };
}

function endOf(own: DockerContainer): Promise<string> {
  return own
    .wait()
    .then((end: { StatusCode: number }) => `its container ended with exit code ${end.StatusCode}`, messageOf);
}

/** In words, where patience ended before the server did. */
async function endBy(
  own: DockerContainer,
  ended: Promise<string>,
  mode: keyof typeof signals,
): Promise<Restarted['harder']> {
  await own.kill({ signal: signals[mode] });
  if ((await within(ended, endLimitMs(mode), null)) !== null) return null;
  for (const { signal, waitMs } of harderSteps) {
    await own.kill({ signal });
    if ((await within(ended, waitMs, null)) !== null) return harderThan(mode);
  }
  throw new EnvironmentError([{ message: 'the container of Postgres does not end by SIGKILL' }]);
}

/** A session of our own dies by SIGKILL; the server then ends all others and recovers. */
async function crash({ container, monitor }: ContainerLifeOrders): Promise<Restarted> {
  const before = await look(monitor, ({ pid }) => signalInside(container, 'KILL', [pid]));
  await untilRecovered(monitor, before);
  return { harder: null };
}
