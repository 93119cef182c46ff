import { InputError } from '../../base/errors.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { scenarioJsonSchema } from '../../scenario/scenario-file.ts';
import { contractJsonSchema } from '../../contract/contract-file.ts';
import { runJsonSchema } from '../../evidence/record/run-file.ts';
import { summaryJsonSchema } from '../../verdict/summary/summary.ts';

const schemas: Readonly<Record<string, () => object>> = {
  scenario: scenarioJsonSchema,
  contract: contractJsonSchema,
  summary: summaryJsonSchema,
  run: runJsonSchema,
};

/** Prints one of the published JSON Schemas. */
export function printSchema(name: string): ExitCode {
  const make = schemas[name];
  if (make === undefined) {
    throw new InputError([
      { message: `there is no schema "${name}"`, hint: `known: ${Object.keys(schemas).join(', ')}` },
    ]);
  }
  process.stdout.write(`${JSON.stringify(make(), null, 2)}\n`);
  return exitCodes.pass;
}
