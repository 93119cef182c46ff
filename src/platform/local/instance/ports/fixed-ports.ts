import { sleep } from '../../../../base/deadline.ts';
import type { ContainerSpec, RevisionSpec } from '../../../../contract/cloud-run/revision-spec.ts';
import type { RunningContainer } from '../container-run.ts';
import type { GivenPorts } from './given-ports.ts';

/** Between two looks at a container that starts. The first comes when most have started. */
const lookEveryMs = 500;

/** Revisions of which one instance was looked at and found in order: all run the same programs. */
const inOrder = new WeakSet<RevisionSpec>();

/** A container that runs as a process, with what it may listen on. */
export interface WatchedPorts {
  readonly spec: RevisionSpec;
  readonly container: ContainerSpec;
  readonly running: RunningContainer;
  readonly given: GivenPorts;
}

/**
 * The ports that a container listens on although none of the instance was given them: with more than one
 * instance, every one would want the same. Empty when that can't be told.
 */
export async function fixedPorts({ spec, running, given }: WatchedPorts): Promise<readonly number[]> {
  if (inOrder.has(spec)) return [];
  const listening = (await running.listeningPorts()) ?? [];
  return listening.filter((port) => !Object.values(given).includes(port));
}

/** Looks while the container starts, and tells of fixed ports, and how many looks there were before, if any. */
export async function watchFixedPorts(
  watched: WatchedPorts,
  signal: AbortSignal,
  tell: (ports: readonly number[], looks: number) => void,
): Promise<void> {
  const isOver = (): boolean => signal.aborted || inOrder.has(watched.spec);
  for (let looks = 0; !isOver(); looks += 1) {
    await sleep(lookEveryMs, signal);
    const ports = isOver() ? [] : await fixedPorts(watched);
    if (ports.length > 0 && !isOver()) tell(ports, looks);
  }
}

/** One instance of the revision has started and has no fixed port. */
export function portsAreInOrder(spec: RevisionSpec): void {
  inOrder.add(spec);
}

/** A program that opens its own port later than another one has done so by then. */
const patientLooks = 4;

/** The port that requests go to in place of the given one: the declared; after a while the only one there is. */
export function standInPort({ port }: ContainerSpec, fixed: readonly number[], looks: number): number | null {
  if (port !== null && fixed.includes(port)) return port;
  return fixed.length === 1 && looks >= patientLooks ? (fixed[0] ?? null) : null;
}
