import { z } from 'zod';

/** `poolMax` -> `pool_max`. */
type SnakeCase<Name> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${SnakeCase<Rest>}`
    : `_${Lowercase<First>}${SnakeCase<Rest>}`
  : Name;

type InFile<Shape extends z.ZodRawShape> = { [Name in keyof Shape as SnakeCase<Name>]: Shape[Name] };

/** An object whose keys are camelCase in memory and snake_case in a file. */
export type SnakeObject<Shape extends z.ZodRawShape> = z.ZodCodec<
  z.ZodObject<InFile<Shape>>,
  z.ZodType<z.output<z.ZodObject<Shape>>, z.output<z.ZodObject<Shape>>>
>;

/** Describes such an object by its names in memory; the file's names follow from them. */
export function snakeObject<Shape extends z.ZodRawShape>(shape: Shape): SnakeObject<Shape> {
  const inFile = Object.fromEntries(Object.entries(shape).map(([name, type]) => [toSnake(name), type]));
  return z.codec(z.object(inFile), z.custom(), renaming(toCamel, toSnake)) as unknown as SnakeObject<Shape>;
}

/** The same where only `kind` is known: a fault and whatever parameters it has. */
export const anyKind = z.codec(
  z.looseObject({ kind: z.string().meta({ description: 'Which fault.', examples: ['db.latency'] }) }),
  z.custom<{ readonly kind: string; readonly [parameter: string]: unknown }>(),
  renaming(toCamel, toSnake) as never,
);

type Values = Readonly<Record<string, unknown>>;

/** Renames the keys of one object; the values were turned by the types that describe them. */
function renaming(
  decodeKey: (key: string) => string,
  encodeKey: (key: string) => string,
): { decode: (stored: Values) => Values; encode: (known: unknown) => Values } {
  const renamed = (values: Values, key: (name: string) => string): Values =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [key(name), value]));
  return {
    decode: (stored) => renamed(stored, decodeKey),
    encode: (known) => renamed(known as Values, encodeKey),
  };
}

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toCamel(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
