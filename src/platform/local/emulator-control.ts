import { z } from 'zod';
import { EnvironmentError, messageOf } from '../../base/errors.ts';
import type { EmulatorControl, EmulatorStatus } from '../platform.ts';

/** Where an Admin API v2 listens, and what it expects of a client. */
export interface AdminEndpoint {
  /** Such as `http://127.0.0.1:40124`. */
  readonly url: string;
  /** Where it speaks gRPC, without TLS; null where it does not. */
  readonly grpc: { readonly host: string; readonly port: number } | null;
  /** Valid for this start alone; sent as `authorization: Bearer`. */
  readonly token: string;
  readonly project: string;
  readonly location: string;
}

const limitMs = 5_000;

const revision = z.object({
  name: z.string(),
  state: z.string(),
  minInstances: z.number(),
  maxInstances: z.number(),
  instances: z.object({ starting: z.number(), ready: z.number(), stopping: z.number() }),
  inFlight: z.number(),
  queued: z.number(),
});

const link = z.object({ instance: z.string(), host: z.string(), port: z.number() });

const status = z.object({
  services: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      latestReady: z.string().nullable(),
      traffic: z.array(z.object({ revision: z.string(), percent: z.number(), tag: z.string().nullable() })),
      revisions: z.array(revision),
      links: z.array(link),
    }),
  ),
});

const done = z.object({ done: z.string() });

/** The way to what only an emulator has, beside its Admin API. Rejects with `EnvironmentError`. */
export function emulatorControl({ url, token }: AdminEndpoint): EmulatorControl {
  const call = async (path: string, body?: unknown): Promise<unknown> => {
    try {
      const answer = await fetch(url + path, {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(limitMs),
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      return await answer.json();
    } catch (error) {
      throw new EnvironmentError([{ message: `the emulator: ${messageOf(error)}` }], { cause: error });
    }
  };
  return {
    status: async (): Promise<EmulatorStatus> => status.parse(await call('/emulator/v1/status')),
    turn: async (service, knob) =>
      done.parse(await call(`/emulator/v1/services/${encodeURIComponent(service)}:turn`, knob)).done,
  };
}
