import { jsonSchemaOf } from '../base/json-schema.ts';
import { scenarioFile } from './scenario-file.ts';

/** The JSON Schema of scenario files, as editors want it. */
export function scenarioJsonSchema(): object {
  return jsonSchemaOf(scenarioFile);
}
