import { schema } from '../../verbs/schema.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';

/** Prints one of the published JSON Schemas. */
export function schemaCommand(name: string): ExitCode {
  process.stdout.write(`${JSON.stringify(schema(name), null, 2)}\n`);
  return exitCodes.pass;
}
