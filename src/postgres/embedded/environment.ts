/** All that Postgres gets from the environment: nothing of ours (`PGPORT`, `PGDATA`, `TZ`) may change what it does. */
export const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;
