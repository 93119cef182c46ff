import { z } from 'zod';
import { EnvironmentError, messageOf } from '../../../base/errors.ts';
import type { Knob } from '../knobs.ts';

/** A call is answered at once or not at all. */
const limitMs = 10_000;

const troubleShape = z.object({ reason: z.string(), message: z.string() }).nullable();

const statusShape = z.object({
  project: z.string(),
  location: z.string(),
  services: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      reconciling: z.boolean(),
      problem: troubleShape,
      latestCreated: z.string(),
      latestReady: z.string().nullable(),
      traffic: z.array(
        z.object({
          latest: z.boolean(),
          revision: z.string(),
          percent: z.number(),
          tag: z.string().nullable(),
          tagUrl: z.string().nullable(),
        }),
      ),
      /** The newest first. */
      revisions: z.array(
        z.object({
          name: z.string(),
          state: z.enum(['deploying', 'ready', 'failed', 'retired']),
          problem: troubleShape,
          minInstances: z.number(),
          maxInstances: z.number(),
          concurrency: z.number(),
          instances: z.object({ starting: z.number(), ready: z.number(), stopping: z.number() }),
          inFlight: z.number(),
          queued: z.number(),
        }),
      ),
    }),
  ),
});

/** All services of an emulator with their revisions, instances and queues, at one moment. */
export type EmulatorStatus = z.output<typeof statusShape>;

/** What an emulator offers beside the Admin API. Failures are `EnvironmentError`s with its own message. */
export interface EmulatorClient {
  status(): Promise<EmulatorStatus>;
  /** Yields what was done, in words. */
  turn(service: string, knob: Knob): Promise<string>;
}

export function connectEmulator({ url, token }: { url: string; token: string }): EmulatorClient {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    try {
      const response = await fetch(`${url}/emulator/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(limitMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(refusalShape.parse(answer).error.message);
      return answer;
    } catch (error) {
      const message = `the emulator at ${url} (${method} ${path}): ${messageOf(error)}`;
      throw new EnvironmentError([{ message }], { cause: error });
    }
  };
  return {
    status: async () => statusShape.parse(await call('GET', 'status')),
    turn: async (service, knob) => doneShape.parse(await call('POST', `services/${service}:turn`, knob)).done,
  };
}

const refusalShape = z.object({ error: z.object({ message: z.string() }) });
const doneShape = z.object({ done: z.string() });
