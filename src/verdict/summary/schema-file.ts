import { z } from 'zod';
import { summarySchema } from './summary.ts';

/** The JSON Schema of `summary.json`, as published in `scenarios/schema/summary.v1.json`. */
export function summaryJsonSchema(): object {
  return {
    ...z.toJSONSchema(summarySchema, { target: 'draft-2020-12' }),
    title: 'poolproof summary',
    description: 'The verdict of one run with the evidence behind it.',
  };
}
