import { z } from 'zod';

type Schema = Readonly<Record<string, unknown>>;

/** The examples in a JSON Schema that do not fit the property that they stand at, each by its way from the root. */
export function wrongExamples(schema: unknown, path: readonly string[] = []): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => wrongExamples(one, path));
  if (schema === null || typeof schema !== 'object') return [];
  const { properties = {}, items, additionalProperties, anyOf, oneOf } = schema as Schema;
  return [
    ...Object.entries(properties as Schema).flatMap(([name, property]) => [
      ...misfits(property as Schema).map((one) => `${[...path, name].join('.')}: ${one}`),
      ...wrongExamples(property, [...path, name]),
    ]),
    ...wrongExamples(items, [...path, '[]']),
    ...wrongExamples(additionalProperties, [...path, '*']),
    ...wrongExamples([anyOf, oneOf], path),
  ];
}

function misfits(property: Schema): readonly string[] {
  const shape = z.fromJSONSchema(property);
  const examples = (property['examples'] ?? []) as readonly unknown[];
  return examples.filter((one) => !shape.safeParse(one).success).map((one) => JSON.stringify(one));
}
