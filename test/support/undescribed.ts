type Schema = Readonly<Record<string, unknown>>;

/**
 * The properties of a JSON Schema without a description or without an example, each by its way from the root such as
 * `services.[].database.app_pool_max`. An anonymous key is `*`; what is shared under `$defs` is told once.
 */
export function undescribed(schema: unknown, path: readonly string[] = []): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => undescribed(one, path));
  if (schema === null || typeof schema !== 'object') return [];
  const { properties = {}, $defs = {}, ...rest } = schema as Schema;
  return [
    ...entriesOf(properties).flatMap(([name, property]) => [
      ...lacking(property).map((what) => `${[...path, name].join('.')} has no ${what}`),
      ...undescribed(property, [...path, name]),
    ]),
    ...entriesOf($defs).flatMap(([name, one]) => undescribed(one, [name])),
    ...nested(rest).flatMap(([step, one]) => undescribed(one, step === '' ? path : [...path, step])),
  ];
}

/** A property that stands for a fault's name is no key of its own. */
function lacking(property: Schema): readonly string[] {
  if (property['const'] !== undefined) return [];
  return [
    ...(typeof property['description'] === 'string' ? [] : ['description']),
    ...(Array.isArray(property['examples']) && property['examples'].length > 0 ? [] : ['examples']),
  ];
}

function nested({ items, additionalProperties, anyOf, oneOf, allOf, then }: Schema): [string, unknown][] {
  return [
    ['[]', items],
    ['*', additionalProperties],
    ...[anyOf, oneOf, allOf, then].map((one): [string, unknown] => ['', one]),
  ];
}

function entriesOf(value: unknown): readonly (readonly [string, Schema])[] {
  return Object.entries(value as Readonly<Record<string, Schema>>);
}
