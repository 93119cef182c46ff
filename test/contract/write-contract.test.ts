import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { writeShape } from '../../src/base/write-shape.ts';
import { parseYaml } from '../../src/base/yaml.ts';
import { contractFile } from '../../src/contract/contract-file.ts';
import { mergeContract } from '../../src/contract/merge-contract.ts';
import { readContractFile } from '../../src/contract/read-contract-file.ts';
import { writeContract } from '../../src/contract/write-contract.ts';
import { contractArbitrary } from './contract-arbitrary.ts';
import { contractOf } from './service.ts';

test('a contract that is written down reads back as the same, with nothing assumed', () => {
  fc.assert(
    fc.property(contractArbitrary, (contract) => {
      const source = parseYaml(stringify(writeShape(contractFile, writeContract(contract))), 'budget.yaml');
      const draft = readContractFile(source, source.value);
      if (!draft.ok) throw new Error(JSON.stringify(draft.problems));
      const merged = mergeContract({ draft: draft.value, targets: [] });
      expect(merged).toEqual({ ok: true, value: { contract, targets: [] } });
    }),
    { numRuns: 100 },
  );
});

test('more sessions than a file may declare for one pool are written all the same', () => {
  const { services } = writeShape(contractFile, writeContract(contractOf({ poolMax: 1_000_005 })));
  expect(services?.[0]?.database?.app_pool_max).toBe(1_000_005);
});
