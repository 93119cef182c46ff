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

/** Describes an object of a file; its example is put together from those of its properties. */
export function described<Part extends z.ZodType>(part: Part, description: string): Part {
  return part.meta({ description, examples: [exampleOf(part)] });
}

/** Describes a list of such objects, with one of them as its example. */
export function listOf<Part extends z.ZodType>(part: Part, description: string): z.ZodArray<Part> {
  return z.array(part).meta({ description, examples: [[exampleOf(part)]] });
}

/** An example of an object as it stands in a file: the first example of each of its properties. */
export function exampleOf(part: z.ZodType): Readonly<Record<string, unknown>> {
  const inFile = part instanceof z.ZodPipe ? part.in : part;
  const shape = inFile instanceof z.ZodObject ? (inFile.shape as z.core.$ZodShape) : {};
  return Object.fromEntries(Object.entries(shape).map(([name, property]) => [name, firstExample(property)]));
}

function firstExample(property: z.core.$ZodType): unknown {
  if (property instanceof z.ZodLiteral) return property.value;
  const { examples } = z.globalRegistry.get(property) ?? {};
  return Array.isArray(examples) ? examples[0] : undefined;
}
