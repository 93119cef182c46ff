import { z } from 'zod';
import { compact } from '../../contract/cloud-run/reading.ts';
import type { CloudSqlLogin, CloudSqlPostgres, GivenRoles } from './postgres-target.ts';

const word = z.string().min(1, 'must not be empty');

/** One role of an instance, and how it logs in. */
export const loginShape = z.strictObject({
  user: word
    .describe('The role; of an IAM principal the name that the instance has for it.')
    .meta({ examples: ['api', 'runner@my-project.iam'] }),
  password: word
    .optional()
    .describe('Needed by the authentication "password", and by it alone.')
    .meta({ examples: ['${env:DB_PASSWORD}'] }),
  database: word.describe('The database that it logs in to.').meta({ examples: ['orders'] }),
  auth: z
    .enum(['password', 'iam'])
    .optional()
    .describe('What lets it in. Default: password.')
    .meta({ examples: ['iam'] }),
});

export type LoginInFile = z.output<typeof loginShape>;

const example = { user: 'api', password: '${env:DB_PASSWORD}', database: 'orders' };
const harness = { user: 'runner@my-project.iam', auth: 'iam', database: 'poolproof' };

/** `postgres.cloud_sql:`, an instance that is reached through Google’s connector. */
export const cloudSqlShape = z.strictObject({
  instance: word
    .describe('Its connection name, project:region:instance.')
    .meta({ examples: ['my-project:europe-west1:orders'] }),
  ip_type: z
    .enum(['public', 'private', 'psc'])
    .optional()
    .describe('Which of its addresses. Default: public.')
    .meta({ examples: ['private'] }),
  admin_api: word
    .optional()
    .describe('Another endpoint of the Cloud SQL Admin API. Default: Google’s public one.')
    .meta({ examples: ['https://sqladmin.example'] }),
  service: loginShape.describe('As the driven service logs in.').meta({ examples: [example] }),
  services: z
    .record(word, loginShape)
    .optional()
    .describe('As the other services log in, by name.')
    .meta({ examples: [{ worker: { ...example, user: 'worker' } }] }),
  monitor: loginShape
    .optional()
    .describe('The role that samples, in a database that no service uses. Default: the service’s role.')
    .meta({ examples: [harness] }),
  headroom: loginShape
    .optional()
    .describe('An ordinary role for the canary, in a database that no service uses.')
    .meta({ examples: [harness] }),
  neighbor: loginShape
    .optional()
    .describe('Another service’s ordinary role, for its canary, in that database too. Default: no canary.')
    .meta({ examples: [harness] }),
  admin: loginShape
    .optional()
    .describe('A role that may do what faults need. Default: such faults are refused.')
    .meta({ examples: [{ ...example, user: 'poolproof_chaos' }] }),
});

export type CloudSqlInFile = z.output<typeof cloudSqlShape>;

/** Fills the defaults of an instance and of its logins. */
export function makeCloudSql(file: CloudSqlInFile): Omit<CloudSqlPostgres, 'maxConnections'> {
  const { instance, ip_type: ipType = 'public', admin_api: adminApi } = file;
  return {
    kind: 'cloud_sql',
    instance,
    ipType,
    ...compact({ adminApi }),
    ...makeRoles(file),
  };
}

function makeRoles({
  service,
  services = {},
  monitor,
  headroom,
  neighbor,
  admin,
}: CloudSqlInFile): GivenRoles<CloudSqlLogin> {
  return {
    service: makeLogin(service),
    others: Object.fromEntries(Object.entries(services).map(([name, one]) => [name, makeLogin(one)])),
    monitor: monitor === undefined ? null : makeLogin(monitor),
    headroom: headroom === undefined ? null : makeLogin(headroom),
    ...(neighbor === undefined ? {} : { neighbor: makeLogin(neighbor) }),
    admin: admin === undefined ? null : makeLogin(admin),
  };
}

function makeLogin({ user, password = '', database, auth = 'password' }: LoginInFile): CloudSqlLogin {
  return { user, password, database, auth };
}

/** The inverse of `makeCloudSql`, without passwords. */
export function writeCloudSql(target: CloudSqlPostgres): CloudSqlInFile {
  const { instance, ipType, adminApi, service, others, monitor, headroom, neighbor, admin } = target;
  const all = Object.entries(others).map(([name, login]) => [name, writeLogin(login)] as const);
  return {
    instance,
    ip_type: ipType,
    admin_api: adminApi,
    service: writeLogin(service),
    services: all.length === 0 ? undefined : Object.fromEntries(all),
    monitor: monitor === null ? undefined : writeLogin(monitor),
    headroom: headroom === null ? undefined : writeLogin(headroom),
    neighbor: neighbor === undefined ? undefined : writeLogin(neighbor),
    admin: admin === null ? undefined : writeLogin(admin),
  };
}

function writeLogin({ user, database, auth }: CloudSqlLogin): LoginInFile {
  return { user, database, auth };
}
