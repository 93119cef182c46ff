import { InvalidArgumentError } from 'commander';
import type { DatabaseAddress } from '../platform/platform.ts';
import type { BesideFlag } from './flags.ts';

/** Reads a whole number with a minimum. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || text.trim() === '')
      throw new InvalidArgumentError(`It is a whole number, ${least} or more.`);
    return value;
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It is a number above 0.');
  return value;
}

export function portNumber(text: string): number {
  const port = wholeNumber(0)(text);
  if (port > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return port;
}

/** `NAME=VALUE`, as often as wanted. */
export function pair(
  text: string,
  pairs: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It is NAME=VALUE.');
  return { ...pairs, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `service.yaml` or `service.yaml=COMMAND`, as often as wanted. */
export function beside(text: string, all: readonly BesideFlag[]): readonly BesideFlag[] {
  const at = text.indexOf('=');
  const [file, line] = at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
  if (file === '' || line === '') throw new InvalidArgumentError('It is FILE or FILE=COMMAND.');
  return [...all, { file, line }];
}

/** `postgres://user:password@host:port/database`. */
export function databaseUrl(text: string): DatabaseAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '')
    throw new InvalidArgumentError('It is postgres://user:password@host:port/database.');
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname,
    port: url.port === '' ? 5432 : Number(url.port),
    user,
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
  };
}
