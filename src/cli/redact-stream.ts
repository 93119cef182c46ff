import { shown } from '../base/secrets/secrets.ts';

/** Lets no secret out through a terminal or a pipe, whoever writes to it. Every write is of whole lines. */
export function redactStream(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  stream.write = (chunk: unknown, ...rest: unknown[]): boolean =>
    write(typeof chunk === 'string' ? shown(chunk) : chunk, ...rest);
}
