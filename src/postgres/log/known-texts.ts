/** The SQLSTATE of what ends or refuses a connection, for logs that do not tell it: `%e` is not in every prefix. */
const texts: readonly (readonly [RegExp, string])[] = [
  [/^sorry, too many clients already/, '53300'],
  [/^remaining connection slots are reserved/, '53300'],
  [/^too many connections for (?:role|database) /, '53300'],
  [/^number of requested standby connections exceeds/, '53300'],
  [/^the database system is (?:starting up|shutting down|in recovery mode|not )/, '57P03'],
  [/^terminating connection due to administrator command/, '57P01'],
  [/^terminating connection due to idle-in-transaction timeout/, '25P03'],
  [/^terminating connection due to transaction timeout/, '25P04'],
  [/^terminating connection due to idle-session timeout/, '57P05'],
  [/^password authentication failed for user /, '28P01'],
  [/^(?:role .* is not permitted to log in|no pg_hba\.conf entry )/, '28000'],
  [/^permission denied for database /, '42501'],
  [/^database .* does not exist/, '3D000'],
  [/^database .* is not currently accepting connections/, '55000'],
  [/^canceling statement due to lock timeout/, '55P03'],
  [/^canceling statement due to /, '57014'],
  [/^deadlock detected/, '40P01'],
];

/** The SQLSTATE that goes with a text of the server's, in English; null for others. */
export function sqlstateOfText(message: string): string | null {
  return texts.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}
