import { z } from 'zod';
import { scenarioFile } from './scenario-file.ts';

/** The JSON Schema of scenario files, as editors want it. */
export function scenarioJsonSchema(): object {
  return z.toJSONSchema(scenarioFile, { io: 'input' });
}
