import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { jsonSchemaOf } from '../../../src/base/json-schema.ts';
import { parseYaml } from '../../../src/base/yaml.ts';
import { chaosShape, writeStep } from '../../../src/scenario/chaos/chaos-codec.ts';
import type { ChaosStep } from '../../../src/scenario/chaos/chaos-step.ts';
import { faultNamed, faultNames, faultSpecs } from '../../../src/scenario/chaos/faults.ts';
import { readChaos } from '../../../src/scenario/chaos/read-chaos.ts';
import { faultArbitraries } from './fault-arbitraries.ts';
import { undescribed } from '../../support/undescribed.ts';

/** As far as it is looked at here. */
interface PublishedChaos {
  readonly items: {
    readonly allOf: readonly { readonly if: object; readonly then: { readonly required?: object } }[];
  };
}

const source = parseYaml('', 'written.yaml');
const setting = { phases: [{ name: 'load', durationMs: 100_000 }], services: null };
const us = fc.integer({ min: 1, max: 99_999_999 });

test.each(faultNames)('what is written of %s reads back as the same', (kind) => {
  const step = fc.record({
    id: fc.constant(`1-${kind}`),
    atUs: us,
    forUs: faultNamed(kind)?.undoable === true && kind !== 'exec' ? fc.option(us) : fc.constant(null),
    service: fc.constantFrom('api', 'worker'),
    fault: faultArbitraries[kind],
  });
  fc.assert(
    fc.property(step, (given: ChaosStep) => {
      const written: unknown = JSON.parse(JSON.stringify(z.encode(chaosShape, [writeStep(given)])));
      expect(readChaos(chaosShape.parse(written), setting, source)).toEqual({ ok: true, value: [given] });
    }),
    { numRuns: 50 },
  );
});

test('the published schema knows the parameters of every fault', () => {
  const { items } = jsonSchemaOf(chaosShape) as unknown as PublishedChaos;
  expect(items.allOf.map((one) => one.if)).toEqual(
    faultSpecs.map(({ kind }) => ({ properties: { do: { const: kind } } })),
  );
  const latency = items.allOf[faultNames.indexOf('db.latency')]?.then;
  expect(latency).toMatchObject({
    required: ['with'],
    properties: { with: { required: ['delay'], additionalProperties: false } },
  });
  expect(items.allOf[faultNames.indexOf('platform.reject')]?.then.required).toBeUndefined();
});

test('every key of a step and of every fault has a description and an example', () => {
  expect(undescribed(jsonSchemaOf(chaosShape))).toEqual([]);
});

test.each(faultSpecs)('the examples of $kind are sound', ({ parameters }) => {
  const examples = z.globalRegistry.get(parameters)?.examples as readonly unknown[];
  expect(examples).not.toHaveLength(0);
  for (const example of examples) parameters.parse(example);
});
