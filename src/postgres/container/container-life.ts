import { within } from '../../base/deadline.ts';
import { EnvironmentError, messageOf } from '../../base/errors.ts';
import type { Docker } from '../../docker/connect-docker.ts';
import type { Container } from '../../docker/container.ts';
import { removeLabelled, type OwnerLabel } from '../../docker/remove-labelled.ts';
import { countStoppedInside, signalInside } from '../../docker/signal-inside.ts';
import { endLimitMs, harderThan, look, untilRecovered } from '../control/server-end.ts';
import type { Login, Restarted, RestartMode, RunningPostgres, ServerProcesses } from '../postgres-server.ts';
import { makeFreezer } from './freezer.ts';
import { untilItAnswers } from './until-it-answers.ts';

/** What the life of a container needs. */
export interface ContainerLifeOrders {
  readonly docker: Docker;
  readonly container: Container;
  readonly label: OwnerLabel;
  readonly monitor: Login;
  /** It has been restarted; `since` is in seconds since 1970. */
  readonly onRestarted: (since: number) => Promise<void>;
}

type Life = Pick<RunningPostgres, 'lost' | 'stop'> & { readonly processes: ServerProcesses };

/** The harder ways of ending a server, each with how long it has. */
const harderSteps = [
  { signal: 'SIGINT', waitMs: 5000 },
  { signal: 'SIGQUIT', waitMs: 6500 },
  { signal: 'SIGKILL', waitMs: 5000 },
] as const;

const restartLimitMs = 30_000;

const signals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** One start of the container after another; only an end that nobody asked for is a loss. */
export function containerLife(orders: ContainerLifeOrders): Life {
  const { docker, container, label, monitor } = orders;
  let stopped: Promise<void> | null = null;
  let expected = false;
  let tellLost: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (tellLost = resolve));
  const watch = (): Promise<string> => {
    const ended = endOf(container);
    void ended.then((why) => {
      if (stopped === null && !expected) tellLost(`Postgres is gone: ${why}`);
    });
    return ended;
  };
  let ended = watch();

  const { freeze, thaw } = makeFreezer(container, monitor);
  const restart = async (mode: RestartMode): Promise<Restarted> => {
    await thaw();
    if (mode === 'crash') return crash(orders);
    expected = true;
    try {
      const harder = await endBy(container, ended, mode);
      await container.start();
      const { State: state } = await container.inspect();
      await orders.onRestarted(Date.parse(state.StartedAt) / 1000);
      await untilItAnswers(monitor, new AbortController().signal, restartLimitMs);
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
    stop: () => (stopped ??= removeLabelled(docker, label)),
    processes: { restart, freeze, thaw, stopped: (pids) => countStoppedInside(container, pids) },
  };
}

function endOf(container: Container): Promise<string> {
  return container.ended().then((code) => `its container ended with exit code ${code}`, messageOf);
}

/** Yields in words that it had to be ended in a harder way; else null. */
async function endBy(
  container: Container,
  ended: Promise<string>,
  mode: keyof typeof signals,
): Promise<Restarted['harder']> {
  await container.signal(signals[mode]);
  if ((await within(ended, endLimitMs(mode), null)) !== null) return null;
  for (const { signal, waitMs } of harderSteps) {
    await container.signal(signal);
    if ((await within(ended, waitMs, null)) !== null) return harderThan(mode);
  }
  throw new EnvironmentError([{ message: 'the container of Postgres does not end by SIGKILL' }]);
}

/** Kills a session of our own by SIGKILL; the server then ends all others and recovers. */
async function crash({ container, monitor }: ContainerLifeOrders): Promise<Restarted> {
  const before = await look(monitor, ({ pid }) => signalInside(container, 'KILL', [pid]));
  await untilRecovered(monitor, before);
  return { harder: null };
}
