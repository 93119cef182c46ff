import type { DatabaseAddress } from '../platform/platform.ts';

/** Flags of `undo`. */
export interface UndoFlags {
  readonly url?: string;
  readonly allowExec?: boolean;
}

/** Flags of `plan`. */
export interface PlanFlags {
  readonly seed?: number;
  readonly json?: boolean;
}

/** Flags of `run`. */
export interface RunFlags {
  readonly out: string;
  readonly seed?: number;
  readonly acceptOvercommit?: boolean;
  readonly strict?: boolean;
  readonly progress: 'auto' | 'tty' | 'plain' | 'json' | 'none';
  readonly quiet?: boolean;
  readonly color: boolean;
}

/** Flags of `judge`. */
export interface JudgeFlags {
  /** Another contract, to judge an old run by. */
  readonly contract?: string;
  /** Other assertions and limits. */
  readonly with?: string;
  readonly strict?: boolean;
  readonly color: boolean;
}

/** Flags of `emulate`. */
export interface EmulateFlags {
  readonly out: string;
  readonly seed?: number;
  readonly color: boolean;
  /** Further services, each from its own service.yaml. */
  readonly beside: readonly BesideFlag[];
  /** Variables of the container that takes the requests. */
  readonly env: Readonly<Record<string, string>>;
  /** Commands that stand for the other containers, by name. */
  readonly container: Readonly<Record<string, string>>;
  /** Files that hold the values of secrets, by name. */
  readonly secret: Readonly<Record<string, string>>;
  readonly port: number;
  readonly adminPort: number;
  readonly grpc?: boolean;
  readonly postgres?: boolean;
  readonly maxConnections?: number;
  readonly setup?: string;
  readonly databaseUrl?: DatabaseAddress;
  readonly profile: 'cloudrun' | 'knative';
  readonly timeScale: number;
  readonly idleCpu: 'full' | 'stop';
  readonly slotAfterTimeout: 'held' | 'freed';
}

/** A service beside the first, and the shell command that runs it in place of its image. */
export interface BesideFlag {
  readonly file: string;
  readonly line: string | null;
}
