/** A failure that the caller is told about honestly: a status, a code, and when to come back. */
export class Refusal extends Error {
  constructor(status, code, sqlstate) {
    super(code);
    this.status = status;
    this.code = code;
    this.sqlstate = sqlstate;
  }
}

export function dbError(error) {
  if (error instanceof Refusal) return error;
  return error.code === '57014'
    ? new Refusal(503, 'stmt_timeout', error.code)
    : new Refusal(503, 'db_error', error.code);
}
