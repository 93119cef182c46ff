import { z } from 'zod';
import { contractFile } from './contract-file.ts';

/** The JSON Schema of the connection budget, as editors want it. */
export function contractJsonSchema(): object {
  return z.toJSONSchema(contractFile, { io: 'input' });
}
