import { z } from 'zod';

/** What has to be within reach, or a fault can't be inflicted. */
export type FaultNeed =
  /** The platform's Admin API. */
  | 'admin_api'
  /** A role that may administer the server. What needs it changes, ends or takes what is not the harness's own. */
  | 'admin_role'
  /** The server's own processes: only those of a server that poolproof started are. */
  | 'processes'
  /** A session of its own, which holds a lock. */
  | 'holder';

/** One fault of the scenario language: its parameters as they are written and as they are meant, and what it takes. */
export interface FaultSpec<F extends { readonly kind: string } = { readonly kind: string }> {
  /** The word in the scenario. */
  readonly kind: F['kind'];
  /** Whether it can be taken back, which `for:` asks for. */
  readonly undoable: boolean;
  readonly needs: readonly FaultNeed[];
  /**
   * What it puts back at its end where that is not of one fault and one service: `server`, of which there is one for
   * all services, or `credentials`, the password that other faults put back too. They must not overlap.
   */
  readonly restores?: 'server' | 'credentials';
  /** What stands under `with:`, read as the whole fault and written back; described by what the fault does. */
  readonly parameters: z.ZodType<F, object>;
}

/** A number of things, each of which some machine has to carry. */
export const count = (least: number): z.ZodNumber =>
  z.int().min(least, `must be at least ${least}`).max(1000);

/** `orders` or `shop.orders`, as PostgreSQL itself would fold it: no quotes are needed or read. */
export const tableName = z
  .string()
  .regex(/^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$/, 'expected the name of a table, with its schema or without')
  .max(127, 'must have at most 127 characters');

/** The parameters of a fault that has none; the description says what it does. */
export function noParameters<F extends { readonly kind: string }>(
  fault: F,
  description: string,
): z.ZodType<F, object> {
  const codec = z.codec(z.strictObject({}), z.custom<F>(), { decode: () => fault, encode: () => ({}) });
  return codec.describe(description).meta({ examples: [{}] });
}
