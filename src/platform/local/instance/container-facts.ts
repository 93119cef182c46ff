import type { EnvSpec } from '../../../contract/cloud-run/revision-spec.ts';
import type { DatabaseAddress } from '../../platform.ts';
import type { GivenPorts } from './ports/given-ports.ts';
import type { VolumePath } from './volume-paths.ts';

/** What the environment and the command of one container are made from. */
export interface ContainerFacts {
  readonly service: string;
  readonly revision: string;
  readonly instance: string;
  readonly container: string;
  /** Whether it takes the requests. */
  readonly ingress: boolean;
  readonly ports: GivenPorts;
  /** As the container reaches it: the address of the instance's own link. Null: the service has none. */
  readonly database: DatabaseAddress | null;
  /** Host and port of the instance's own metadata server. */
  readonly metadataHost: string;
  readonly declared: readonly EnvSpec[];
  /** Values of secrets, by the secret's name. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly volumes: readonly VolumePath[];
  /** The environment of this process, of which only PATH and HOME are handed on; empty for an image. */
  readonly own: Readonly<Record<string, string | undefined>>;
}
