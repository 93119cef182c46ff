import fc from 'fast-check';
import type { Contract, ServiceContract } from '../../src/contract/contract.ts';

const upTo = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
const text = fc.stringMatching(/^[a-z][a-z ]{0,8}$/);

const service: fc.Arbitrary<ServiceContract> = fc.record(
  {
    name: fc.stringMatching(/^[a-z]{5,8}$/),
    maxInstances: upTo(100, 9),
    minInstances: upTo(9, 0),
    containerConcurrency: upTo(1000),
    workersPerInstance: upTo(9),
    poolMax: upTo(100, 9),
    poolMin: upTo(9, 0),
    backgroundSessions: upTo(9, 0),
    rolloutOverlap: fc.double({ min: 0, max: 10, noNaN: true }).map((value) => value + 0),
    acquireTimeoutMs: upTo(100_000),
    statementTimeoutMs: upTo(100_000),
    requestTimeoutMs: upTo(3_600_000),
    idleTimeoutMs: upTo(86_400_000),
    maxLifetimeMs: upTo(86_400_000),
    match: fc.record(
      {
        role: text,
        applicationName: text,
        database: text,
        clientAddress: fc.constantFrom('10.8.0.0/28', '::1', '127.0.0.1'),
      },
      { requiredKeys: [] },
    ),
  },
  { noNullPrototype: true, requiredKeys: requiredKeys() },
);

function requiredKeys(): (keyof ServiceContract)[] {
  return [
    'name',
    'maxInstances',
    'minInstances',
    'containerConcurrency',
    'workersPerInstance',
    'poolMax',
    'poolMin',
    'backgroundSessions',
    'rolloutOverlap',
    'acquireTimeoutMs',
    'statementTimeoutMs',
    'requestTimeoutMs',
    'match',
  ];
}

/** Any contract that a file can declare in full. */
export const contractArbitrary: fc.Arbitrary<Contract> = fc
  .record({
    services: fc.uniqueArray(service, { selector: ({ name }) => name, minLength: 1, maxLength: 3 }),
    admin: upTo(50, 0),
    others: upTo(50, 0),
  })
  .map(({ services: [first, ...rest], admin, others }) => ({
    services: [first as ServiceContract, ...rest],
    headroom: [
      { purpose: 'admin_and_migrations', slots: admin },
      { purpose: 'other_services', slots: others },
    ],
    assumed: [],
  }));
