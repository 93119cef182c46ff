import { z } from 'zod';

const word = z.string().min(1, 'must not be empty');

const login = z.strictObject({
  user: word.describe('The role; of an IAM principal the name that the instance has for it.'),
  password: word.optional().describe('Needed by the authentication "password", and by it alone.'),
  database: word,
  auth: z.enum(['password', 'iam']).optional().describe('What lets it in; "password" unless given.'),
});

/** One role of an instance, and how it logs in. */
export type CloudSqlLoginInFile = z.output<typeof login>;

/** `postgres.cloud_sql:`, an instance that is reached through Google’s connector. */
export const cloudSqlFile = z.strictObject({
  instance: word.describe('Its connection name, project:region:instance.'),
  ip_type: z
    .enum(['public', 'private', 'psc'])
    .optional()
    .describe('Which of its addresses; "public" unless given.'),
  admin_api: word
    .optional()
    .describe('Another endpoint of the Cloud SQL Admin API than Google’s public one.'),
  service: login.describe('As the driven service logs in.'),
  services: z.record(word, login).optional().describe('As the other services log in, by name.'),
  monitor: login.optional().describe('The role that samples, in a database that no service uses.'),
  headroom: login.optional().describe('An ordinary role for the canary, in a database that no service uses.'),
  neighbor: login
    .optional()
    .describe('Another service’s ordinary role, for its canary, in that database too.'),
  admin: login.optional().describe('A role that may do what faults need.'),
});

export type CloudSqlInFile = z.output<typeof cloudSqlFile>;
