import { z } from 'zod';

/** The JSON Schema of what a file may say, as editors want it. */
export function jsonSchemaOf(shape: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(shape, { io: 'input', override: keepExamples });
}

/** zod drops the examples of what it decodes, for they might be in the decoded form; ours are as in a file. */
function keepExamples({ zodSchema, jsonSchema }: SchemaPair): void {
  const { examples } = z.globalRegistry.get(zodSchema) ?? {};
  if (Array.isArray(examples)) jsonSchema.examples = examples;
}

interface SchemaPair {
  readonly zodSchema: z.core.$ZodType;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}
