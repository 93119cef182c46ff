import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonSchemaOf } from '../../../src/base/json-schema.ts';
import { writeShape } from '../../../src/base/write-shape.ts';
import { makeSafety, safetyShape, writeSafety } from '../../../src/scenario/safety/safety-codec.ts';
import { undescribed } from '../../support/undescribed.ts';

const hosts = fc.array(fc.string({ minLength: 1 }));
const safety = fc.record({
  allowHosts: hosts,
  denyHosts: hosts,
  allowExec: fc.boolean(),
  allowDestructive: fc.array(fc.string()),
  acceptOvercommit: fc.boolean(),
});

test('what is allowed reads back as the same when it is written down', () => {
  fc.assert(
    fc.property(safety, (given) => {
      expect(makeSafety(safetyShape.parse(writeShape(safetyShape, writeSafety(given))))).toEqual(given);
    }),
  );
});

test('nothing but this machine may be touched unless somebody says so', () => {
  expect(makeSafety({})).toEqual({
    allowHosts: ['127.0.0.1'],
    denyHosts: [],
    allowExec: false,
    allowDestructive: [],
    acceptOvercommit: false,
  });
});

test('every key of safety has a description and an example', () => {
  expect(undescribed(jsonSchemaOf(safetyShape))).toEqual([]);
});
