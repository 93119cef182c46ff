import { createRequire } from 'node:module';
import { createContext, Script } from 'node:vm';
import type * as Library from 'json-p3';

const require = createRequire(import.meta.url);

/** Finds what a path points at; empty if there is nothing. Throws where that takes too long. */
export type JsonQuery = (value: unknown) => readonly unknown[];

/** Names, indexes and single wildcards: what they take is what they find. All else may take for ever. */
const plain = /^\$(?:\.[\w-]+|\.\*|\[\*\]|\[-?\d+\]|\['[^'\\]*'\]|\["[^"\\]*"\])*$/;

/** How long other paths may take, milliseconds; the lane waits meanwhile. */
const limitMs = 50;

/**
 * Compiles a JSONPath (RFC 9535). Throws an error that says what is wrong with it. The library is loaded with the
 * first path: most scenarios have none, and every lane would pay for it.
 */
export function compileJsonPath(path: string): JsonQuery {
  const { compile } = require('json-p3') as typeof Library;
  const query = compile(path);
  const find: JsonQuery = (value) => query.query(value as Library.JSONValue).values();
  return plain.test(path) ? find : withLimit(find);
}

/**
 * A pattern may backtrack, and what steps through all descendants again and again multiplies; both depend on what the
 * service answers. Node stops a script that takes too long, wherever it is; a path that was stopped is not tried again.
 */
function withLimit(find: JsonQuery): JsonQuery {
  const order: { value: unknown; run: () => readonly unknown[] } = {
    value: undefined,
    run: () => find(order.value),
  };
  const script = new Script('order.run()');
  const context = createContext({ order });
  let isStopped = false;
  return (value) => {
    if (isStopped) throw new Error(`a path that took more than ${limitMs} ms`);
    order.value = value;
    try {
      return script.runInContext(context, { timeout: limitMs }) as readonly unknown[];
    } catch (error) {
      // It is an error of the other context: no instance of this one's Error.
      isStopped = (error as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
      throw error;
    } finally {
      order.value = undefined;
    }
  };
}
