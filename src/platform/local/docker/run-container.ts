import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { within } from '../../../base/deadline.ts';
import type { Container } from '../../../docker/container.ts';
import { dockerWords, startFailure } from '../../../docker/docker-problem.ts';
import type { ContainerOrders, Exit, RunningContainer } from '../instance/container-run.ts';
import { followLines } from '../instance/lines.ts';
import { OutputTail } from '../instance/output-tail.ts';
import { containerExit, type ContainerExit } from './container-exit.ts';

const shownLines = 10;

/** How long output may lag behind the exit. */
const outputLagMs = 1000;

/** Starts a container and follows its output to the end. */
export async function runContainer(
  container: Container,
  orders: Pick<ContainerOrders, 'onLine'>,
): Promise<RunningContainer> {
  const output = followOutput(await container.attach(), orders.onLine);
  const reactions: (() => void)[] = [];
  let killer: NodeJS.Timeout | undefined;
  let hasEnded = false;

  const finish = async (how: ContainerExit): Promise<Exit> => {
    clearTimeout(killer);
    await within(output.closed, outputLagMs, undefined);
    await container.remove().catch(() => undefined);
    return { ...how, output: output.lastLines() };
  };
  const failure = await container.start().then(() => null, startFailure);
  const ended = failure === null ? endOf(container) : Promise.resolve(neverBegan(failure));
  const exited = ended.then(async (end) => {
    hasEnded = true;
    if (failure === null) for (const react of reactions) react();
    return finish(await end.how());
  });

  // In the order they were asked for: Docker would run them in any order.
  let last: Promise<unknown> = Promise.resolve();
  const then = (step: () => Promise<unknown>): void => {
    last = last.then(() => (hasEnded ? undefined : step())).catch(() => undefined);
  };
  const signal = (name: 'SIGTERM' | 'SIGKILL') => () => container.signal(name);
  return {
    exited,
    onExit: (react) => void reactions.push(react),
    terminate: (graceMs) => {
      if (hasEnded) return;
      then(signal('SIGTERM'));
      clearTimeout(killer);
      killer = setTimeout(() => then(signal('SIGKILL')), graceMs);
    },
    kill: () => then(signal('SIGKILL')),
    freeze: () => then(() => container.pause()),
    thaw: () => then(() => container.unpause()),
    listeningPorts: () => Promise.resolve(null),
  };
}

/** How it ended is looked up only after everyone has been told that it did. */
interface End {
  how(): Promise<ContainerExit>;
}

function neverBegan(error: string): End {
  return { how: () => Promise.resolve({ code: null, signal: null, error }) };
}

async function endOf(container: Container): Promise<End> {
  try {
    const statusCode = await container.ended();
    const outOfMemory = (): Promise<boolean> =>
      container.inspect().then(
        ({ State }) => State.OOMKilled,
        () => false,
      );
    return { how: async () => containerExit({ statusCode, outOfMemory: await outOfMemory() }) };
  } catch (error) {
    return neverBegan(`Docker lost sight of it: ${dockerWords(error)}`);
  }
}

interface Output {
  readonly closed: Promise<unknown>;
  lastLines(): readonly string[];
}

function followOutput(
  streams: { readonly stdout: Readable; readonly stderr: Readable },
  onLine: ContainerOrders['onLine'],
): Output {
  const tails = { stdout: new OutputTail(), stderr: new OutputTail() };
  const follow = (name: 'stdout' | 'stderr'): Promise<unknown> => {
    followLines(streams[name], (line) => {
      tails[name].add(line);
      onLine(name, line);
    });
    return once(streams[name], 'close');
  };
  const closed = Promise.all([follow('stdout'), follow('stderr')]);
  return {
    closed: closed.catch(() => undefined),
    lastLines: () => [...tails.stdout.last(shownLines), ...tails.stderr.last(shownLines)].slice(-shownLines),
  };
}
