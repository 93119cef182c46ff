import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { logCounts, logSessions } from '../../src/evidence/sessions/sessions.ts';
import type { Sample } from '../../src/evidence/sessions/samples.ts';
import { upperBounds } from '../../src/evidence/sessions/upper-bounds.ts';
import { peakOf } from '../../src/evidence/sessions/steps.ts';
import type { BackendRow } from '../../src/evidence/dataset/backend-row.ts';
import type { SampleEvent } from '../../src/evidence/event.ts';
import type { PostgresServer, RunningPostgres } from '../../src/postgres/postgres-server.ts';
import { until } from '../support/until.ts';
import { observe, type Observed, type Observers } from './observers.ts';
import { burst, fillUp, openSession, refusalOf } from './pg-client.ts';

const maxConnections = 30;
const serviceRole = 'orders api';

/** What every place where Postgres may run has to fulfil. The server is made for these cases alone. */
export function describePostgresServer(
  name: string,
  make: (orders: { maxConnections: number; serviceRoles: [string] }) => PostgresServer,
  bursts: readonly number[] = [1, 2, 3, 4, 5],
): void {
  describe(name, () => {
    let postgres: RunningPostgres;
    beforeAll(async () => {
      postgres = await make({ maxConnections, serviceRoles: [serviceRole] }).start(
        new AbortController().signal,
      );
    });
    afterAll(() => postgres.stop());

    const session = async (login = postgres.service): Promise<pg.Client> => {
      const client = await openSession(login);
      onTestFinished(() => client.end());
      return client;
    };
    const watch = async (seed?: number): Promise<Observers> => {
      const observers = await observe(postgres, seed);
      onTestFinished(async () => {
        await observers.stop();
      });
      return observers;
    };
    const usable = (): number =>
      postgres.limits.maxConnections -
      postgres.limits.superuserReserved -
      postgres.limits.reservedConnections;

    describe('the server', () => {
      it('has the limits that were ordered, and says so itself', async () => {
        const client = await session();
        const { rows } = await client.query<{ max: string; version: string }>(
          `select current_setting('max_connections') as max, current_setting('server_version') as version`,
        );
        expect(postgres.limits.maxConnections).toBe(maxConnections);
        expect(rows[0]?.max).toBe(String(maxConnections));
        expect(rows[0]?.version.startsWith(postgres.version)).toBe(true);
      });

      it('gives the service an ordinary role that owns its database', async () => {
        const client = await session();
        await client.query('create table mine (id int)');
        await client.query('drop table mine');
        const { rows } = await client.query('select rolsuper from pg_roles where rolname = current_user');
        expect(rows).toEqual([{ rolsuper: false }]);
      });

      it("lets the service nowhere near the harness's own database", async () => {
        expect(await refusalOf({ ...postgres.service, database: postgres.monitor.database })).toBe('42501');
      });

      it('lets nobody in without the password', async () => {
        for (const login of [postgres.service, postgres.monitor, postgres.headroom])
          expect(await refusalOf({ ...login, password: 'postgres' })).toBe('28P01');
      });
    });

    describe('with all ordinary slots taken', () => {
      it('refuses the service and the canary alike, and the sampler loses nothing', async () => {
        const observers = await watch();
        const fromUs = observers.nowUs();
        const taken = await fillUp(postgres.service);
        onTestFinished(async () => {
          await Promise.all(taken.map((client) => client.end()));
        });
        const stormUntilUs = observers.nowUs() + 3e6;
        let refused = 1;
        const retry = async (): Promise<void> => {
          while (observers.nowUs() < stormUntilUs)
            if ((await refusalOf(postgres.service)) === '53300') refused += 1;
        };
        await Promise.all(Array.from({ length: 10 }, retry));
        const toUs = observers.nowUs();
        const seen = await observers.stop();

        // A canary may hold a slot at the moment the last one is taken.
        expect(taken.length).toBeGreaterThanOrEqual(usable() - 1);
        expect(taken.length).toBeLessThanOrEqual(usable());
        const later = seen.canaries.filter((canary) => canary.t_us > toUs - 2e6);
        expect(later.length).toBeGreaterThan(0);
        for (const canary of later) expect(canary).toMatchObject({ ok: false, sqlstate: '53300' });
        const samples = seen.samples.filter((sample) => sample.t_us > fromUs && sample.t_us < toUs);
        expect(samples.filter((sample) => !sample.ok)).toEqual([]);
        expect(samples.length).toBeGreaterThan(15);
        expect(Math.max(...samples.map((sample) => sample.backends ?? 0))).toBeGreaterThanOrEqual(
          taken.length,
        );
        expect(postgres.log).not.toBeNull();
        expect(logCounts(seen.log, (role) => role === serviceRole)).toMatchObject({
          refusedBySqlstate: { '53300': refused },
        });
      });
    });

    describe('the sampler', () => {
      it("tells the service's sessions by state and age, and none of the harness's own", async () => {
        const idle = await session();
        const working = await session();
        const holding = await session();
        await session(postgres.headroom);
        const neighbor = await session({ ...postgres.monitor, database: 'postgres' });
        await idle.query('select 1');
        await neighbor.query('select 1');
        await holding.query('begin');
        const observers = await watch();
        const sleeping = working.query('select pg_sleep(60)').catch((error: unknown) => error);
        const lastOf = ({ samples, rows }: Observed): readonly BackendRow[] =>
          rows.filter((row) => row.tUs === samples.at(-1)?.t_us && row.state !== 'starting');
        const isAged = ({ state, maxXactMs }: BackendRow): boolean => state === 'active' && maxXactMs! > 600;
        // What the test before this one has held may still be going.
        await until(
          () => observers.soFar.samples.at(-1)?.backends === 4 && lastOf(observers.soFar).some(isAged),
        );
        const seen = await observers.stop();
        await neighbor.query(
          `select pg_cancel_backend(pid) from pg_stat_activity where query like 'select pg_sleep%'`,
        );
        expect(await sleeping).toMatchObject({ code: '57014' });
        await holding.query('rollback');

        expect(seen.samples.at(-1)?.backends).toBe(4);
        const rows = lastOf(seen);
        const of = (state: string): unknown =>
          rows.find((row) => row.state === state && row.service === 'orders');
        expect(rows.reduce((total, row) => total + row.count, 0)).toBe(4);
        expect(of('idle')).toMatchObject({ count: 1, role: serviceRole, applicationName: 'instance-1' });
        expect(of('active')).toMatchObject({ count: 1, waitType: 'Timeout', wait: 'PgSleep' });
        expect((of('active') as { maxQueryMs: number }).maxQueryMs).toBeGreaterThan(300);
        expect((of('idle in transaction') as { maxXactMs: number }).maxXactMs).toBeGreaterThan(600);
        expect(rows.filter((row) => row.service === null)).toMatchObject([
          { role: postgres.monitor.user, count: 1 },
        ]);
      });

      it('keeps to twenty samples a second, never two at the same distance, and knows the clock', async () => {
        const observers = await watch();
        await delay(2000);
        const { samples } = await observers.stop();
        const gapsUs = samples.slice(1).map((sample, index) => sample.t_us - samples[index]!.t_us);
        expect(samples.length).toBeGreaterThan(10);
        expect(samples.length).toBeLessThan(60);
        expect(Math.min(...gapsUs)).toBeGreaterThan(0);
        expect(new Set(gapsUs.map((gapUs) => Math.round(gapUs / 2000))).size).toBeGreaterThan(5);
        expect(observers.sampler.clockOffset.error_us).toBeLessThan(50_000);
      });

      it('counts a login that came and went between two samples', async () => {
        const observers = await watch();
        const counted = (): number => observers.soFar.samples.at(-1)?.sessions ?? 0;
        await until(() => observers.soFar.samples.length > 3);
        const before = counted();
        for (let count = 0; count < 5; count += 1) await (await openSession(postgres.service)).end();
        await until(() => counted() >= before + 5);
        await delay(200);
        await observers.stop();
        expect(counted()).toBe(before + 5);
      });

      it('goes on with its spare session when one is lost, and says when both are', async () => {
        const observers = await watch();
        const admin = await session({ ...postgres.monitor, database: 'postgres' });
        const kill = async (): Promise<void> => {
          await admin.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()
             and application_name = 'poolproof' and backend_type = 'walsender' order by pid limit 1`,
          );
          const looks = observers.soFar.samples.length;
          await until(
            () => observers.soFar.samples.length > looks + 3 || !observers.soFar.samples.at(-1)!.ok,
          );
        };
        await kill();
        expect(observers.soFar.samples.at(-1)?.ok).toBe(true);
        await kill();
        expect(await observers.sampler.lost).toMatch(/terminat|closed/);
        expect(observers.soFar.samples.at(-1)).toMatchObject({ ok: false, sessions: null, backends: null });
      });
    });

    describe('over bursts of short sessions', () => {
      it.each(bursts)('run %i: the upper bound is never below the truth', async (seed) => {
        expect(postgres.log).not.toBeNull();
        const observers = await watch(seed);
        const fromUs = observers.nowUs();
        for (let round = 0; observers.nowUs() - fromUs < 2e6; round += 1) {
          const draw = (round * 7 + seed * 3) % 22;
          await burst(postgres.service, 3 + draw, 5 + ((draw * 13) % 36));
          await delay((draw * 17) % 100);
        }
        await delay(200);
        const seen = await observers.stop();

        expect(seen.unreadLines).toBe(0);
        expect(violationsOf(seen, fromUs)).toEqual([]);
        const counts = logCounts(seen.log, (role) => role === serviceRole);
        const inWindow = seen.samples.filter((sample) => sample.t_us > fromUs - 1e5);
        const loggedIn = inWindow.at(-1)!.sessions! - inWindow[0]!.sessions!;
        expect(counts.sessions).toBeGreaterThanOrEqual(loggedIn);
        expect(loggedIn).toBeGreaterThan(30);
      });
    });
  });
}

/** Intervals in which more sessions were open, by the log, than the samples around them allow. */
function violationsOf(seen: Observed, fromUs: number): unknown[] {
  const truth = logSessions(seen.log, serviceRole);
  const samples = seen.samples.filter((sample) => sample.ok && sample.t_us >= fromUs);
  expect(samples.length).toBeGreaterThan(10);
  return upperBounds(samples.map(asSample)).flatMap(({ fromUs: startUs, toUs, high }) => {
    const peak = peakOf(truth, startUs, toUs)?.count ?? 0;
    return peak > high ? [{ startUs, toUs, high, peak }] : [];
  });
}

/** The head of a sample as the evidence reads it back. */
function asSample(head: SampleEvent): Sample {
  const { t_us: tUs, ok, rtt_us: rttUs, server_us: serverUs, sessions, backends, starting } = head;
  const { took_us: tookUs = null, sessions_after: sessionsAfter = null, fresh = null, young = null } = head;
  return {
    tUs,
    ok,
    rttUs,
    serverUs,
    tookUs,
    sessions,
    sessionsAfter,
    fresh,
    young,
    backends,
    starting,
    isAnew: false,
    rows: [],
  };
}
