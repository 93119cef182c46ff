/** How one container of an instance is run, whatever runs it. */
export interface ContainerOrders {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (stream: 'stdout' | 'stderr', text: string) => void;
}

/** How a container ended. `error`: it never began, with the system's code such as ENOENT. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error: string | null;
  /** The last lines it printed, standard error before standard output. */
  readonly output: readonly string[];
}

/** A container that runs: a process with its group, or a container of Docker's. */
export interface RunningContainer {
  /** Resolves when it has ended and nothing of it is left. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Called in the very moment it ends, before anything is awaited. */
  onExit(react: () => void): void;
  /** SIGTERM to its first process; what is left after `graceMs` gets SIGKILL. */
  terminate(graceMs: number): void;
  /** SIGKILL to all its processes at once, stopped ones too. */
  kill(): void;
  /** Stops all its processes where they are (SIGSTOP), and lets them go on. */
  freeze(): void;
  thaw(): void;
  /** TCP ports that its processes listen on; null where that can't be told. */
  listeningPorts(): Promise<readonly number[] | null>;
}
