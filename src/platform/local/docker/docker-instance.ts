import type { ContainerOrders, RunningContainer } from '../instance/container-run.ts';

/** A file or folder of this machine that a container sees. */
export interface Mount {
  readonly from: string;
  readonly to: string;
  readonly readOnly: boolean;
}

/** A container of an instance that runs from an image. Its `env` is added to the image's own. */
export interface ImageOrders extends ContainerOrders {
  readonly image: string;
  /** Instead of the image's entrypoint and command, where not empty. */
  readonly command: readonly string[];
  /** Instead of the image's command alone: its entrypoint stays. Only where `command` is empty. */
  readonly args?: readonly string[];
  readonly mounts: readonly Mount[];
  /** A limit above what Docker's machine has is no limit. */
  readonly limits: { readonly cpus: number | null; readonly memoryBytes: number | null };
}

/**
 * The containers of one instance: they share one network namespace, so that a fixed port is the instance's own
 * and sidecars meet on localhost, as on Cloud Run.
 */
export interface DockerInstance {
  /**
   * Where this machine's links and metadata servers must listen so that the containers reach them. On Linux that
   * is the gateway of the emulator's own bridge network: the containers of that network and this machine reach
   * what listens there, and so does any other container on this machine whose traffic Docker's firewall rules let
   * through; other machines do not. 127.0.0.1 where Docker runs in a virtual machine, as Docker Desktop does.
   */
  readonly hostAddress: string;
  /** What the containers call that address: the same on Linux, `host.docker.internal` otherwise. */
  readonly hostName: string;
  /** Where the containers' ports are reached from this machine. */
  readonly address: string;
  /** The port at `address` that leads to the containers' own port: the same on Linux, a published one otherwise. */
  reachedAt(port: number): number;
  /**
   * Whether something in the containers' network listens on the port, on its localhost too, which no connection
   * from this machine reaches. False where Docker runs in a virtual machine: its network can't be looked into.
   */
  listensOn(port: number): Promise<boolean>;
  /** Throws `EnvironmentError` for an image that is not there. */
  run(orders: ImageOrders): Promise<RunningContainer>;
  /** Takes everything of it away. Resolves when nothing is left. */
  remove(): Promise<void>;
}
