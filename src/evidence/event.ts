import { z } from 'zod';

const at = { t_us: z.number() };
const whose = { service: z.string(), revision: z.string(), instance: z.string() };

/** A moment of the run itself. */
const markEvent = z.object({
  ...at,
  kind: z.literal('mark'),
  name: z.enum([
    'load_start',
    'load_end',
    'drain_end',
    'sampler_lost',
    'log_incomplete',
    'interrupted',
    'aborted',
  ]),
  detail: z.string().optional(),
});

/** An instance changed state. `reason` says why it was started or stopped, as Cloud Run's system log does. */
const instanceEvent = z.object({
  ...at,
  ...whose,
  kind: z.literal('instance'),
  state: z.enum(['starting', 'ready', 'stopping', 'stopped', 'failed']),
  reason: z.string(),
  startup_us: z.number().optional(),
  exit_code: z.number().nullable().optional(),
  signal: z.string().nullable().optional(),
  /** Connections through its link that were still open when the process had ended. */
  sessions_left: z.number().optional(),
  /** Of its containers that take no requests: where each was told to listen on this machine. */
  ports: z.record(z.string(), z.number()).optional(),
});

/** A revision changed state. `retired`: it has no traffic any more; its instances may live on. */
const revisionEvent = z.object({
  ...at,
  kind: z.literal('revision'),
  service: z.string(),
  revision: z.string(),
  state: z.enum(['created', 'ready', 'failed', 'serving', 'retired']),
  /** Percent of the service's traffic from now on. */
  percent: z.number().optional(),
  reason: z.string(),
});

/** A step of the scenario's `chaos:`. `confirmed`: something else than the step itself saw its effect. */
const faultEvent = z.object({
  ...at,
  kind: z.literal('fault'),
  id: z.string(),
  fault: z.string(),
  service: z.string(),
  state: z.enum(['started', 'confirmed', 'undone', 'failed']),
  detail: z.string(),
});

/** The platform answered a request by itself. */
const platformEvent = z.object({
  ...at,
  kind: z.literal('platform'),
  service: z.string(),
  status: z.number(),
  reason: z.string(),
  /** The revision that the request was meant for; absent where none was chosen. */
  revision: z.string().optional(),
  waited_us: z.number(),
});

/**
 * What the wire proxy between one instance and Postgres saw. `port` is the source port of the link's own
 * connection to Postgres: the server log names the same number, so the two are matched by it.
 * `attempt`: the instance connected. `session`: authenticated and ready. `refused`: FATAL before ready.
 * `close`: the server side of the connection is closed.
 */
const linkEvent = z.object({
  ...at,
  ...whose,
  kind: z.literal('link'),
  what: z.enum(['attempt', 'session', 'refused', 'close']),
  port: z.number(),
  /** For `close`: whether this connection had become a session. */
  was_session: z.boolean().optional(),
  sqlstate: z.string().nullable().optional(),
  message: z.string().optional(),
  role: z.string().nullable().optional(),
  application_name: z.string().nullable().optional(),
});

/** A line of the server log that concerns connections or an error. */
const logEvent = z.object({
  ...at,
  kind: z.literal('log'),
  what: z.enum(['received', 'authorized', 'disconnected', 'error']),
  severity: z.string(),
  sqlstate: z.string().nullable(),
  pid: z.number(),
  port: z.number().nullable(),
  role: z.string().nullable(),
  database: z.string().nullable(),
  application_name: z.string().nullable(),
  message: z.string(),
});

/** A canary: a new connection, `select 1`, close. `sqlstate` or `error` when it failed. */
const canaryEvent = z.object({
  ...at,
  kind: z.literal('canary'),
  role: z.enum(['headroom', 'superuser', 'neighbor']),
  ok: z.boolean(),
  connect_us: z.number(),
  query_us: z.number().nullable(),
  sqlstate: z.string().nullable(),
  error: z.string().nullable(),
});

/** The head of one sample of pg_stat_activity; its rows stand in `backends/*.parquet` under the same `t_us`. */
const sampleEvent = z.object({
  ...at,
  kind: z.literal('sample'),
  ok: z.boolean(),
  rtt_us: z.number(),
  /** The server's clock at the end of the sample, microseconds since 1970. */
  server_us: z.number().nullable(),
  /** How long the server was at it, by its own clock. */
  took_us: z.number().optional(),
  /** `pg_stat_database.sessions` over the databases under test: every login that ever completed. */
  sessions: z.number().nullable(),
  /** The same counter, read again after the sessions were. */
  sessions_after: z.number().nullable().optional(),
  /** How many of the backends the last good sample did not have. */
  fresh: z.number().optional(),
  /** How many of the backends were seen for so short a time that their logins may not be counted yet. */
  young: z.number().optional(),
  /** The first after the server was ended on purpose: nothing that was counted before it goes on. */
  anew: z.literal(true).optional(),
  /** Client backends, the harness's own left out and those in state `starting` left out. */
  backends: z.number().nullable(),
  starting: z.number().nullable(),
  error: z.string().optional(),
});

/** What the sampler says of itself when it is over. CPU times are of one sample; null where nobody could tell. */
const samplerEvent = z.object({
  ...at,
  kind: z.literal('sampler'),
  samples: z.number(),
  failed: z.number(),
  longest_gap_us: z.number(),
  rtt_p50_us: z.number().nullable(),
  rtt_p99_us: z.number().nullable(),
  client_us: z.number().nullable(),
  server_us: z.number().nullable(),
});

/** Who waits for whose lock, looked up while samples show such waits: the five that wait longest. */
const lockEvent = z.object({
  ...at,
  kind: z.literal('lock'),
  /** How many the sample showed. */
  waiting: z.number(),
  waits: z.array(
    z.object({
      pid: z.number(),
      role: z.string().nullable(),
      application_name: z.string().nullable(),
      wait: z.string().nullable(),
      waited_ms: z.number().nullable(),
      /** The session at the end of the chain, which waits for nobody; null when it has gone. */
      blocker_pid: z.number().nullable(),
      blocker_role: z.string().nullable(),
      blocker_application_name: z.string().nullable(),
      blocker_state: z.string().nullable(),
      blocker_xact_ms: z.number().nullable(),
    }),
  ),
});

/** What still worked in the database for the services once load was over. */
const drainEvent = z.object({
  ...at,
  kind: z.literal('drain'),
  /** When it was looked for first; `t_us` is when that ended. */
  from_us: z.number(),
  looks: z.number(),
  /** How many still worked at the last look; null when nobody could look. */
  working: z.number().nullable(),
  /** Every session that was seen at work. */
  left: z.array(
    z.object({
      pid: z.number(),
      service: z.string().nullable(),
      role: z.string().nullable(),
      application_name: z.string().nullable(),
      state: z.string(),
      first_us: z.number(),
      last_us: z.number(),
      /** The age of its transaction, and of its state, when it was seen last. */
      xact_ms: z.number().nullable(),
      state_ms: z.number().nullable(),
      /** The arrival it works for, where it says so: `poolproof:N` in its name or in a comment of its query. */
      arrival: z.number().nullable(),
    }),
  ),
});

/** A look at a pooler's admin console: its pools, one a database and user. Without any where it could not be reached. */
const poolerEvent = z.object({
  ...at,
  kind: z.literal('pooler'),
  pooler: z.string(),
  service: z.string(),
  /** Null for one that stands by itself. */
  instance: z.string().nullable(),
  ok: z.boolean(),
  rtt_us: z.number(),
  pools: z.array(
    z.object({
      database: z.string(),
      user: z.string(),
      clients_active: z.number(),
      clients_waiting: z.number(),
      servers_active: z.number(),
      servers_idle: z.number(),
      servers_login: z.number(),
      /** How long the client that waits longest has waited by now. */
      max_wait_us: z.number(),
    }),
  ),
  /** Since the pooler began: transactions, and what all clients have waited for a server session. */
  transactions: z.number().optional(),
  waited_us: z.number().optional(),
  /** How it is configured; with the first look. */
  limits: z
    .object({
      mode: z.string(),
      max_clients: z.number(),
      pool_size: z.number(),
      reserve: z.number(),
      query_wait_ms: z.number(),
    })
    .optional(),
  error: z.string().optional(),
});

/** Round trips of a request that no instance sees, before load: what the path itself costs. */
const pingEvent = z.object({
  ...at,
  kind: z.literal('ping'),
  n: z.number(),
  p50_us: z.number(),
  p99_us: z.number(),
});

/** What the generator says of itself, once a lane at the end. */
const generatorEvent = z.object({
  ...at,
  kind: z.literal('generator'),
  lane: z.number(),
  sent: z.number(),
  dropped: z.number(),
  unfinished: z.number(),
  lag_p50_us: z.number(),
  lag_p99_us: z.number(),
  lag_max_us: z.number(),
  loop_delay_p99_us: z.number(),
  loop_delay_max_us: z.number(),
  cpu_us: z.number(),
});

/** One line of `events.ndjson`. `t_us`: microseconds since the run's origin. */
export const runEvent = z.discriminatedUnion('kind', [
  markEvent,
  instanceEvent,
  revisionEvent,
  faultEvent,
  platformEvent,
  linkEvent,
  logEvent,
  canaryEvent,
  sampleEvent,
  samplerEvent,
  lockEvent,
  drainEvent,
  poolerEvent,
  pingEvent,
  generatorEvent,
]);

export type RunEvent = z.infer<typeof runEvent>;
export type MarkEvent = z.infer<typeof markEvent>;
export type InstanceEvent = z.infer<typeof instanceEvent>;
export type RevisionEvent = z.infer<typeof revisionEvent>;
export type FaultEvent = z.infer<typeof faultEvent>;
export type LinkEvent = z.infer<typeof linkEvent>;
export type LogEvent = z.infer<typeof logEvent>;
export type CanaryEvent = z.infer<typeof canaryEvent>;
export type SampleEvent = z.infer<typeof sampleEvent>;
export type SamplerEvent = z.infer<typeof samplerEvent>;
export type LockEvent = z.infer<typeof lockEvent>;
export type DrainEvent = z.infer<typeof drainEvent>;
export type PoolerEvent = z.infer<typeof poolerEvent>;
export type PingEvent = z.infer<typeof pingEvent>;
export type GeneratorEvent = z.infer<typeof generatorEvent>;
