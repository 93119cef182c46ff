import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonSchemaOf } from '../../../src/base/json-schema.ts';
import { writeShape } from '../../../src/base/write-shape.ts';
import { parseYaml } from '../../../src/base/yaml.ts';
import { importResource } from '../../../src/contract/cloud-run/import-resource.ts';
import { makeLocal, type ServiceInFile } from '../../../src/scenario/target/local-codec.ts';
import { readLocalService } from '../../../src/scenario/target/local-service.ts';
import type { LocalService, LocalTarget, Program } from '../../../src/scenario/target/local-target.ts';
import { targetShape, writeTarget } from '../../../src/scenario/target/target.ts';
import { nowhere } from '../../../src/scenario/target/where.ts';
import { undescribed } from '../../support/undescribed.ts';

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const words = fc.array(word, { maxLength: 3 });
const program: fc.Arbitrary<Program> = fc.oneof(
  fc.record({ kind: fc.constant('process' as const), command: fc.tuple(word, word) }),
  fc.record({ kind: fc.constant('image' as const), image: word, command: words }),
);

/** A service with a container that takes the requests and a sidecar, each with a program of its own. */
const service = (name: string): fc.Arbitrary<LocalService> =>
  fc.record({
    name: fc.constant(name),
    resource: fc.record({ timeout: fc.constantFrom('5s', '60s'), odd: words }).map((more) => ({
      template: {
        ...more,
        containers: [{ name: 'web', ports: [{ containerPort: 80 }] }, { name: 'pooler' }],
      },
    })),
    programs: fc.record({ web: program, pooler: program }),
    cwd: fc.constant('/here'),
    secretFiles: fc.constant({}),
    startupDelayMs: fc.nat(1e9).map((us) => us / 1000),
  });

const target: fc.Arbitrary<LocalTarget> = fc.record({
  kind: fc.constant('local'),
  service: fc.constant('api'),
  services: fc.oneof(fc.tuple(service('api')), fc.tuple(service('api'), service('worker'))),
  emulation: fc.record({
    profile: fc.constantFrom('cloudrun', 'knative'),
    timeScale: fc.double({ min: 1, max: 100_000, noNaN: true }),
    idleCpu: fc.constantFrom('full', 'stop'),
    slotAfterTimeout: fc.constantFrom('held', 'freed'),
  }),
});

test('a target that is written down reads back as the same', async () => {
  await fc.assert(
    fc.asyncProperty(target, async (given) => {
      const written: unknown = JSON.parse(JSON.stringify(writeShape(targetShape, writeTarget(given))));
      const { local = {} } = targetShape.parse(written);
      const [first, ...others] = await Promise.all(
        [local, ...(local.others ?? [])].map((one) => readBack(one)),
      );
      expect(makeLocal(local, [first as LocalService, ...others])).toEqual(given);
    }),
    { numRuns: 50 },
  );
});

async function readBack(given: ServiceInFile): Promise<LocalService> {
  const { name = '', resource = { template: {} } } = given;
  const { service: read, problems } = await readLocalService({
    name,
    imported: importResource(resource, parseYaml('', 'written.yaml'), []),
    given,
    contract: undefined,
    where: nowhere,
    hasDatabase: true,
    secretsAreShared: false,
    cwd: '/here',
    resolve: (path) => path,
  });
  expect(problems).toEqual([]);
  return read;
}

test('every key of the target has a description and an example', () => {
  expect(undescribed(jsonSchemaOf(targetShape))).toEqual([]);
});
