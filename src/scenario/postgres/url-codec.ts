import { z } from 'zod';
import { showDatabaseUrl } from './database-url.ts';
import type { DatabaseLogin, UrlPostgres } from './postgres-target.ts';

const url = z.string().min(1, 'must not be empty');

/** The keys of `postgres:` that give a server by its URLs, one for each role. */
export const urlShape = z.strictObject({
  url: url
    .optional()
    .describe('Somebody else’s server, as the service logs in: postgres://role:password@host/database.')
    .meta({ examples: ['${env:DATABASE_URL}'] }),
  urls: z
    .record(z.string().min(1), url)
    .optional()
    .describe('As the other services log in to the server of "url", by name.')
    .meta({ examples: [{ worker: '${env:WORKER_URL}' }] }),
  monitor_url: url
    .optional()
    .describe('The role that samples, in a database that no service uses. Default: the service’s role.')
    .meta({ examples: ['${env:MONITOR_URL}'] }),
  headroom_url: url
    .optional()
    .describe('An ordinary role for the canary, in a database that no service uses.')
    .meta({ examples: ['${env:HEADROOM_URL}'] }),
  neighbor_url: url
    .optional()
    .describe('Another service’s ordinary role, for its canary, in that database too. Default: no canary.')
    .meta({ examples: ['${env:NEIGHBOR_URL}'] }),
  admin_url: url
    .optional()
    .describe('A role that may do what faults need. Default: such faults are refused.')
    .meta({ examples: ['${env:ADMIN_URL}'] }),
});

export type UrlsInFile = z.output<typeof urlShape>;

/** The URLs of a server, without passwords. */
export function writeUrls({ service, others, monitor, headroom, neighbor, admin }: UrlPostgres): UrlsInFile {
  const all = Object.entries(others).map(([name, login]) => [name, showDatabaseUrl(login)] as const);
  return {
    url: showDatabaseUrl(service),
    urls: all.length === 0 ? undefined : Object.fromEntries(all),
    monitor_url: shown(monitor),
    headroom_url: shown(headroom),
    neighbor_url: shown(neighbor),
    admin_url: shown(admin),
  };
}

function shown(login: DatabaseLogin | null | undefined): string | undefined {
  return login == null ? undefined : showDatabaseUrl(login);
}
