/** Which of the two answers a bound belongs to; null for those that only degrade. */
export type Answer = 'bounded' | 'fast_failing' | null;

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly answer: Answer;
}

const entry = (id: string, name: string, answer: Answer): Entry => ({ id, name, answer });

/** Every bound of the specification, judged yet or not. */
export const catalogue: readonly Entry[] = [
  entry('B01', 'claim-steady', 'bounded'),
  entry('B02', 'claim-overlap', 'bounded'),
  entry('B03', 'headroom', 'bounded'),
  entry('B04', 'admin-canary', 'bounded'),
  entry('B05', 'no-53300', 'bounded'),
  entry('B06', 'instance-cap', 'bounded'),
  entry('B07', 'no-leak', 'bounded'),
  entry('B08', 'churn', 'bounded'),
  entry('B09', 'acquire-wait', 'bounded'),
  entry('B10', 'queue-bounded', 'bounded'),
  entry('B11', 'failures-fast', 'fast_failing'),
  entry('B12', 'request-timeout', 'fast_failing'),
  entry('B13', 'no-orphans', 'bounded'),
  entry('B14', 'idle-in-transaction', 'bounded'),
  entry('B15', 'transaction-age', 'bounded'),
  entry('B16', 'statement-age', 'bounded'),
  entry('B17', 'lock-queue', 'bounded'),
  entry('B18', 'goodput-floor', 'bounded'),
  entry('B19', 'honest-failure', 'fast_failing'),
  entry('B20', 'admitted-latency', null),
  entry('B21', 'retry-amplification', 'bounded'),
  entry('B22', 'recovery', 'bounded'),
  entry('B23', 'rollout-drain', 'bounded'),
  entry('B24', 'neighbour', 'bounded'),
  entry('B25', 'startup-claim', null),
  entry('B26', 'unattributed', null),
];
