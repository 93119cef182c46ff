import { InputError } from '../base/errors.ts';
import { contractJsonSchema } from '../contract/contract-file.ts';
import { scenarioJsonSchema } from '../scenario/scenario-file.ts';
import { summaryJsonSchema } from '../verdict/summary/summary.ts';

const schemas: Readonly<Record<string, () => object>> = {
  scenario: scenarioJsonSchema,
  contract: contractJsonSchema,
  summary: summaryJsonSchema,
};

/** One of the published JSON Schemas: scenario, contract or summary. Throws `InputError` for any other name. */
export function schema(name: string): object {
  const make = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (make !== undefined) return make();
  throw new InputError([
    { message: `there is no schema "${name}"`, hint: `known: ${Object.keys(schemas).join(', ')}` },
  ]);
}
