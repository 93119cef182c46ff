import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { undescribed } from '../support/undescribed.ts';
import { scenarioJsonSchema } from '../../src/scenario/scenario-file.ts';

/** As much of a JSON Schema as is walked through here. */
interface Schema {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
}

interface Property {
  readonly name: string;
  readonly schema: Schema;
}

const whole = scenarioJsonSchema() as Schema & { readonly $defs?: Readonly<Record<string, Schema>> };

/** A property with what it says itself over what its shared definition says. */
function withShared({ $ref, ...own }: Schema): Schema {
  return $ref === undefined ? own : { ...whole.$defs?.[$ref.replace('#/$defs/', '')], ...own };
}

/** Every property that a file may have, by its way: "traffic.phases[].burst.within". */
function propertiesOf(schema: Schema | boolean | undefined, at: string): readonly Property[] {
  if (schema === undefined || typeof schema === 'boolean') return [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = at === '' ? key : `${at}.${key}`;
    return [{ name, schema: withShared(property) }, ...propertiesOf(property, name)];
  });
  return [
    ...own,
    ...propertiesOf(schema.items, `${at}[]`),
    ...propertiesOf(schema.additionalProperties, `${at}.*`),
    ...(schema.anyOf ?? []).flatMap((option) => propertiesOf(option, at)),
  ];
}

test('the published schema of scenarios is the one in the code (vitest -u writes it)', async () => {
  const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../scenarios/schema/scenario.v1.json');
});

describe('the properties of scenarios', () => {
  const properties = propertiesOf(whole, '');

  test('are all seen', () => {
    const names = properties.map(({ name }) => name);
    expect(names).toContain('traffic.phases[].closed.think.sigma');
    expect(names).toContain('client.retry.budget.ttl');
    expect(names).toContain('data.*.pick');
    expect(names).toContain('abort[].because');
  });

  test('all have a description and an example', () => {
    expect(undescribed(whole)).toEqual([]);
  });

  test('have examples that fit their own schema', () => {
    // zod reads no conditions back from a JSON Schema.
    const plain = properties.filter(({ schema }) => !JSON.stringify(schema).includes('"if":'));
    const wrong = plain.flatMap(({ name, schema }) => {
      const shape = z.fromJSONSchema({ ...schema, $defs: whole.$defs } as Parameters<
        typeof z.fromJSONSchema
      >[0]);
      return (schema.examples ?? []).filter((one) => !shape.safeParse(one).success).map((one) => [name, one]);
    });
    expect(wrong).toEqual([]);
  });
});
