import { z } from 'zod';
import type { Program } from './local-target.ts';

export const imageShape = z.string().min(1);

export const commandShape = z
  .array(z.string().min(1, 'must not be empty'), {
    error: (issue) =>
      typeof issue.input === 'string' ? 'expected a list, such as [node, server.mjs]' : undefined,
  })
  .min(1, 'at least the program is needed');

export const envShape = z.record(z.string(), z.string('expected text: put it in quotes'));

/** How a container is run, one of `containers:`. */
export const programShape = z.strictObject({
  image: imageShape
    .optional()
    .describe('An image that Docker runs; "command" replaces its own. Default: what service.yaml declares.')
    .meta({ examples: ['edoburu/pgbouncer:v1.24.1-p1'] }),
  command: commandShape
    .optional()
    .describe('Program and arguments, run in the scenario’s folder. Default: what service.yaml declares.')
    .meta({ examples: [['pgbouncer', 'pooler.ini']] }),
  env: envShape
    .optional()
    .describe('Environment of this container, over that of service.yaml.')
    .meta({ examples: [{ LISTEN_PORT: '${port:pooler}' }] }),
});

/** What is given of the program of one container. */
interface GivenProgram {
  readonly image?: string | undefined;
  readonly command?: readonly string[] | undefined;
}

/** What is run for one container. */
export type ProgramInFile = Pick<z.output<typeof programShape>, 'image' | 'command'>;

/** The program that is run for a container; nothing where none is given. */
export function makeProgram({ image, command = [] }: GivenProgram): Program | undefined {
  if (image !== undefined) return { kind: 'image', image, command };
  const [program, ...rest] = command;
  return program === undefined ? undefined : { kind: 'process', command: [program, ...rest] };
}

/** The inverse of `makeProgram`. */
export function writeProgram(program: Program): ProgramInFile {
  if (program.kind === 'process') return { command: [...program.command] };
  const { image, command } = program;
  return { image, ...(command.length === 0 ? {} : { command: [...command] }) };
}
