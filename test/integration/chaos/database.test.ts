import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import type { Applied } from '../../../src/chaos/fault-action.ts';
import { applyFault } from '../../../src/chaos/faults/faults.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import { startControl, type RunningControl } from '../../../src/postgres/control/control.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { makeCredentialFiles, type CredentialFiles } from '../../../src/run/credential-files.ts';
import { databaseTarget } from '../../../src/run/database-target.ts';
import type { Fault } from '../../../src/scenario/chaos/faults.ts';
import { openSession, refusalOf } from '../../cases/pg-client.ts';
import { MemoryTarget } from '../../chaos/memory-target.ts';
import { withoutDatabase } from '../../chaos/without-database.ts';
import { until } from '../../support/until.ts';

const maxConnections = 20;

let guard: ProcessGuard;
let postgres: RunningPostgres;
let control: RunningControl;
let credentials: CredentialFiles;

beforeAll(async () => {
  guard = startProcessGuard();
  const server = makeEmbeddedServer({ maxConnections, serviceRoles: ['api'], guard });
  postgres = await server.start(new AbortController().signal);
  const owner = await openSession(postgres.service);
  await owner.query('create table orders (id int primary key); insert into orders values (1)');
  await owner.end();
  control = await startControl({
    admin: postgres.admin!,
    neighbour: postgres.headroom,
    services: { api: postgres.service },
    holders: ['api'],
    processes: postgres.processes,
  });
  credentials = await makeCredentialFiles({ api: postgres.service }, guard);
});

afterAll(async () => {
  await control.stop();
  await credentials.remove();
  await postgres.stop();
  guard.dismiss();
});

/** Inflicts a fault; it is undone at the end of the test whatever happens. */
async function inflict(fault: Fault): Promise<Applied> {
  const context = {
    ...withoutDatabase(),
    target: new MemoryTarget(),
    step: '1',
    service: 'api',
    forMs: null,
    sinceUs: 0,
  };
  const database = databaseTarget(postgres, control, { credentials, during: (restart) => restart() });
  const applied = await applyFault(fault, { ...context, database });
  let undone = false;
  const undo = applied.undo === null ? null : async () => ((undone = true), applied.undo!());
  onTestFinished(async () => {
    if (!undone) await undo?.();
  });
  return { ...applied, undo };
}

/** What the fault's own look says, as soon as it says something. */
async function confirmed({ confirm }: Applied): Promise<string> {
  let seen: string | null = null;
  await until(async () => (seen = (await confirm?.()) ?? null) !== null);
  return seen!;
}

async function session(login = postgres.service): Promise<pg.Client> {
  const client = await openSession(login);
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
}

/** How many more sessions of the service the server takes. */
async function freeSlots(): Promise<number> {
  const taken: pg.Client[] = [];
  while (taken.length < 2 * maxConnections) {
    const next = await openSession(postgres.service).catch(() => null);
    if (next === null) break;
    taken.push(next);
  }
  await Promise.all(taken.map((client) => client.end()));
  return taken.length;
}

/** A server gives the slot of a session that has ended back a moment later. */
async function untilFree(count: number): Promise<void> {
  await until(
    async () => (await freeSlots()) === count,
    () => `never ${count} slots free`,
  );
}

const usable = maxConnections - 3;

describe('slots', () => {
  it('db.half_open takes them without a password, and gives them back', async () => {
    await untilFree(usable);
    const applied = await inflict({ kind: 'db.half_open', connections: 6 });
    expect(await confirmed(applied)).toBe('6 sessions are starting');
    expect(await freeSlots()).toBe(usable - 6);
    await applied.undo?.();
    await untilFree(usable);
  });

  it('db.hold takes so many as a neighbour', async () => {
    await untilFree(usable);
    const applied = await inflict({ kind: 'db.hold', connections: 9 });
    expect(await confirmed(applied)).toBe('9 sessions of the neighbour are there');
    expect(await freeSlots()).toBe(usable - 9);
    await applied.undo?.();
    await untilFree(usable);
  });

  it('db.hold leaves exactly so many free, whoever is there already', async () => {
    await untilFree(usable);
    await session();
    await session();
    const applied = await inflict({ kind: 'db.hold', leaveFree: 3 });
    expect(applied.detail).toBe(`db.hold: a neighbour has ${usable - 5} sessions, 3 slots are left`);
    expect(await freeSlots()).toBe(3);
    await applied.undo?.();
    await untilFree(usable - 2);
  });

  it('db.hold of more than there is fails, and holds nothing', async () => {
    await untilFree(usable);
    await expect(inflict({ kind: 'db.hold', connections: 50 })).rejects.toThrow(
      /only \d+ of 50 sessions got in: .*slots are reserved/,
    );
    await untilFree(usable);
  });
});

describe('sessions and statements', () => {
  it('db.terminate ends sessions of the service and of nobody else', async () => {
    const [one, other] = [await session(), await session()];
    const neighbour = await session(postgres.headroom);
    const applied = await inflict({ kind: 'db.terminate' });
    expect(await confirmed(applied)).toBe('2 sessions have ended');
    for (const client of [one, other]) await expect(client.query('select 1')).rejects.toThrow();
    expect((await neighbour.query('select 1')).rows).toHaveLength(1);
    expect(await refusalOf(postgres.service)).toBeNull();
  });

  it('db.terminate ends as many as it is told to', async () => {
    const sessions = [await session(), await session(), await session()];
    await confirmed(await inflict({ kind: 'db.terminate', count: 2 }));
    const ends = await Promise.allSettled(sessions.map((client) => client.query('select 1')));
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(2);
  });

  it('db.lock keeps even readers waiting, until it is undone', async () => {
    const client = await session();
    const applied = await inflict({ kind: 'db.lock', table: 'orders' });
    expect(await confirmed(applied)).toMatch(/^the lock is held/);
    await client.query('set statement_timeout = 300');
    await expect(client.query('select * from orders')).rejects.toMatchObject({ code: '57014' });
    await applied.undo?.();
    expect((await client.query('select * from orders')).rows).toHaveLength(1);
  });

  it('db.lock of a table that is not there fails, with the word of the server', async () => {
    await expect(inflict({ kind: 'db.lock', table: 'no_such_table' })).rejects.toThrow(/does not exist/);
  });

  it('db.slow makes statements on a table wait, and none when it is over', async () => {
    const client = await session();
    const timeOf = async (): Promise<number> => {
      const began = performance.now();
      for (let count = 0; count < 10; count += 1) await client.query('select * from orders');
      return performance.now() - began;
    };
    const before = await timeOf();
    const applied = await inflict({ kind: 'db.slow', table: 'orders', delayMs: 100 });
    const during = await timeOf();
    await applied.undo?.();
    expect(during).toBeGreaterThan(400);
    expect(before).toBeLessThan(200);
    expect(await timeOf()).toBeLessThan(200);
  });

  it('db.slow computes in sessions of a neighbour, and leaves none', async () => {
    const applied = await inflict({ kind: 'db.slow', backends: 2 });
    expect(await confirmed(applied)).toBe('2 sessions are active');
    await applied.undo?.();
    const watcher = await session(postgres.monitor);
    await until(async () => {
      const { rows } = await watcher.query(
        `select from pg_stat_activity where application_name = 'poolproof-slow'`,
      );
      return rows.length === 0;
    });
  });
});

describe('roles', () => {
  it('db.role_limit refuses the service above its limit, and is gone after', async () => {
    const one = await session();
    const applied = await inflict({ kind: 'db.role_limit', connections: 1 });
    expect(await confirmed(applied)).toBe('the limit of api is 1');
    expect(await refusalOf(postgres.service)).toBe('53300');
    expect((await one.query('select 1')).rows).toHaveLength(1);
    await applied.undo?.();
    expect(await refusalOf(postgres.service)).toBeNull();
  });

  it.each([
    { kind: 'db.rotate_password' },
    { kind: 'db.expire_credentials', refreshAfterMs: 0 },
  ] as const satisfies readonly Fault[])(
    '$kind lets sessions live, refuses the old password, and lets in who reads the new one',
    async (fault) => {
      const one = await session();
      const file = credentials.paths['api']!;
      const applied = await inflict(fault);
      expect(await confirmed(applied)).toMatch(/another verifier|no longer valid/);
      expect(await refusalOf(postgres.service)).toBe('28P01');
      expect((await one.query('select 1')).rows).toHaveLength(1);
      await until(async () => (await readFile(file, 'utf8')) !== postgres.service.password);
      expect(await refusalOf({ ...postgres.service, password: await readFile(file, 'utf8') })).toBeNull();
      await applied.undo?.();
      expect(await refusalOf(postgres.service)).toBeNull();
      expect(await readFile(file, 'utf8')).toBe(postgres.service.password);
    },
  );

  it('db.expire_credentials lets nobody in until the new credential is there', async () => {
    const applied = await inflict({ kind: 'db.expire_credentials', refreshAfterMs: 60_000 });
    expect(await confirmed(applied)).toBe('api is no longer valid');
    expect(await refusalOf(postgres.service)).toBe('28P01');
    expect(await readFile(credentials.paths['api']!, 'utf8')).toBe(postgres.service.password);
    await applied.undo?.();
    expect(await refusalOf(postgres.service)).toBeNull();
  });
});

describe('processes', () => {
  it.each(['smart', 'fast', 'immediate', 'crash'] as const)(
    'db.restart %s drops the sessions, and the server is back when it is over',
    async (mode) => {
      const client = await session();
      if (mode === 'smart') await client.end();
      const applied = await inflict({ kind: 'db.restart', mode });
      expect(await confirmed(applied)).toMatch(/^the server runs anew since/);
      if (mode !== 'smart') await expect(client.query('select 1')).rejects.toThrow();
      expect(await refusalOf(postgres.service)).toBeNull();
    },
  );

  it('db.restart smart that a session holds up is made a fast one, and says so', async () => {
    const client = await session();
    const applied = await inflict({ kind: 'db.restart', mode: 'smart' });
    expect(applied.detail).toBe('db.restart: smart, not over after 10 s, so a fast one was made of it');
    await expect(client.query('select 1')).rejects.toThrow();
  });

  it('db.freeze stops the backends of the service, and they go on where they were', async () => {
    const client = await session();
    const neighbour = await session(postgres.headroom);
    const applied = await inflict({ kind: 'db.freeze', what: 'backends' });
    expect(await confirmed(applied)).toBe('1 processes are stopped');
    let answered = false;
    const answer = client.query('select 1').then(() => (answered = true));
    await neighbour.query('select pg_sleep(0.3)');
    expect(answered).toBe(false);
    await applied.undo?.();
    expect(await answer).toBe(true);
  });

  it('db.freeze lets nobody new in, and those that are in work on', async () => {
    const client = await session();
    const applied = await inflict({ kind: 'db.freeze', what: 'accepting' });
    expect((await client.query('select 1')).rows).toHaveLength(1);
    expect(await confirmed(applied)).toBe('a login gets no answer');
    await applied.undo?.();
    expect(await refusalOf(postgres.service)).toBeNull();
  });

  it('db.max_connections holds after its restart, and the old value after the next', async () => {
    const applied = await inflict({ kind: 'db.max_connections', value: 12 });
    expect(await confirmed(applied)).toBe('the server allows 12 connections');
    await untilFree(9);
    await applied.undo?.();
    await untilFree(usable);
  });

  it('is not lost by any of it', async () => {
    const lost = await Promise.race([postgres.lost, Promise.resolve('alive')]);
    expect(lost).toBe('alive');
  });
});
