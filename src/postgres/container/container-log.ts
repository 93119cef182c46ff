import { PassThrough, type Readable } from 'node:stream';
import type { Container } from '../../docker/container.ts';

/** What a container prints, from when it is opened on, one start of it after the other. */
export interface ContainerLog {
  readonly open: () => Promise<Readable>;
  /** Follows a restart; `since` is in seconds since 1970: everything before has been read. */
  readonly continueFrom: (since: number) => Promise<void>;
}

/** From now on: what the image printed while it made the cluster is not in the form of the server's log. */
export function containerLog(container: Pick<Container, 'logs'>): ContainerLog {
  let out: PassThrough | null = null;
  const carry = async (from: { readonly tail: number } | { readonly since: number }): Promise<void> => {
    const lines = await container.logs(from);
    // Docker ends it with the container; the next start goes on where it ended.
    if (out !== null) lines.pipe(out, { end: false });
  };
  return {
    open: async () => {
      out = new PassThrough();
      await carry({ tail: 0 });
      return out;
    },
    continueFrom: async (since) => {
      if (out !== null) await carry({ since });
    },
  };
}
