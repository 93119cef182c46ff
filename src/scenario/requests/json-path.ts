import { createRequire } from 'node:module';
import type * as Library from 'json-p3';

const require = createRequire(import.meta.url);

/** Finds what a path points at; empty if there is nothing. */
export type JsonQuery = (value: unknown) => readonly unknown[];

/**
 * Compiles a JSONPath (RFC 9535). Throws an error that says what is wrong with it. The library is loaded with the
 * first path: most scenarios have none, and every lane would pay for it.
 */
export function compileJsonPath(path: string): JsonQuery {
  const { compile } = require('json-p3') as typeof Library;
  const query = compile(path);
  return (value) => query.query(value as Library.JSONValue).values();
}
