/** How the observations of a metric are aggregated. */
export type MetricKind =
  /** Each is a number of its own: the latency of an attempt. */
  | 'values'
  /** Looked at periodically: sessions in a sample. */
  | 'sampled'
  /** Counted at each change, exactly: sessions by the links. */
  | 'counted'
  /** Something that happens: an attempt, a refusal. */
  | 'events';

/** What an amount of a metric is measured in: milliseconds, or a plain number. */
export type MetricUnit = 'ms' | 'sessions' | 'instances' | 'count';

/** One metric of the closed catalogue. */
export interface Metric {
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  readonly tags: readonly string[];
  /** Whether `ratio` makes sense: the share with these tags among all. */
  readonly hasShare: boolean;
  /** Whether it is known while the run goes on, so that `abort` may watch it. */
  readonly isLive: boolean;
  readonly says: string;
}

const callTags = ['outcome', 'route', 'status'] as const;
const fleetTags = ['service', 'revision'] as const;

const metric = (
  kind: MetricKind,
  unit: MetricUnit,
  tags: readonly string[],
  says: string,
  more: { readonly hasShare?: true; readonly isLive?: true } = {},
): Metric => ({
  kind,
  unit,
  tags,
  says,
  hasShare: more.hasShare === true,
  isLive: more.isLive === true,
});

/** Every metric that a condition may use. */
export const metrics = {
  'http.latency': metric('values', 'ms', callTags, 'of attempts, from when they were meant to be sent', {
    isLive: true,
  }),
  'http.service_time': metric('values', 'ms', callTags, 'of attempts, from when they were sent', {
    isLive: true,
  }),
  'http.acquire': metric('values', 'ms', callTags, 'what the service told of waiting for a session', {
    isLive: true,
  }),
  'http.attempts': metric('events', 'count', callTags, 'attempts that were sent, retries included', {
    hasShare: true,
    isLive: true,
  }),
  'http.requests': metric('events', 'count', ['good'], 'requests; good=yes: answered within the deadline', {
    hasShare: true,
  }),
  'http.amplification': metric('values', 'count', [], 'attempts for each request'),
  'db.backends': metric(
    'sampled',
    'sessions',
    ['service', 'role', 'state', 'wait_type'],
    'sessions in Postgres, sampled',
    { isLive: true },
  ),
  'db.oldest_xact': metric('sampled', 'ms', ['service', 'role', 'state'], 'the oldest transaction', {
    isLive: true,
  }),
  'db.sessions': metric('counted', 'sessions', fleetTags, 'sessions through the links, exactly', {
    isLive: true,
  }),
  'db.connects': metric('events', 'count', fleetTags, 'connections that were tried, by the links', {
    isLive: true,
  }),
  'db.refused': metric('events', 'count', [...fleetTags, 'sqlstate'], 'connections that were refused', {
    isLive: true,
  }),
  'run.instances': metric('counted', 'instances', fleetTags, 'instances alive', { isLive: true }),
  'gen.lag': metric('values', 'ms', [], 'how late attempts were sent'),
  'gen.dropped': metric('events', 'count', [], 'arrivals that were not sent', { hasShare: true }),
  'sampler.gap': metric('values', 'ms', [], 'time between two good samples'),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as readonly MetricName[];

/** The values of tags that are the same in every scenario. */
export const tagValues: Readonly<Record<string, readonly string[]>> = {
  good: ['yes', 'no'],
  outcome: [
    'dishonest',
    'ok',
    'client_error',
    'platform',
    'shed',
    'pool_timeout',
    'stmt_timeout',
    'db_error',
    'deadline',
    'client_timeout',
    'conn_error',
    'unknown',
    'unfinished',
  ],
};

export const aggregates = [
  'min',
  'max',
  'avg',
  'p50',
  'p75',
  'p90',
  'p95',
  'p99',
  'p99.9',
  'count',
  'rate',
  'ratio',
] as const;

export type Aggregate = (typeof aggregates)[number];

const ofNumbers: readonly Aggregate[] = ['min', 'max', 'avg', 'p50', 'p75', 'p90', 'p95', 'p99', 'p99.9'];

/** The aggregates of a metric. A count taken at each change has no mean: it would weigh changes, not time. */
export function aggregatesOf({ kind, hasShare }: Metric): readonly Aggregate[] {
  switch (kind) {
    case 'values':
      return [...ofNumbers, 'count'];
    case 'sampled':
      return ofNumbers;
    case 'counted':
      return ['min', 'max'];
    case 'events':
      return hasShare ? ['count', 'rate', 'max', 'ratio'] : ['count', 'rate', 'max'];
  }
}

/** What the value of an aggregate is measured in. `max` of events is the most in any second. */
export function amountUnit(aggregate: Aggregate, { kind, unit }: Metric): 'ms' | '/s' | '%' | '' {
  if (aggregate === 'ratio') return '%';
  if (aggregate === 'count') return '';
  if (aggregate === 'rate' || kind === 'events') return '/s';
  return unit === 'ms' ? 'ms' : '';
}
