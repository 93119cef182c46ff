const role = '"(?:[^"]|"")+"';
const verifier = String.raw`'SCRAM-SHA-256\$[\w+/=:$]+'|'md5[0-9a-f]{32}'`;

/** Every form of statement that takes back a fault, and none besides. No two ways to match: nothing backtracks. */
const forms: readonly RegExp[] = [
  new RegExp(`^alter role ${role} connection limit (?:-1|\\d{1,9})$`),
  new RegExp(`^alter role ${role} valid until '[^'\\\\]{1,80}'$`),
  new RegExp(`^alter role ${role} password (?:null|${verifier})$`),
  /^alter system set max_connections = \d{1,7}$/,
  /^alter system reset max_connections$/,
];

/** The longest: a name of 63 bytes, each quoted twice, and a verifier. */
const longest = 1000;

/**
 * Whether poolproof itself writes such a statement into a journal. A folder may come from anywhere, and what stands in
 * its journal is run as an administrator.
 */
export function isUndoStatement(sql: string): boolean {
  return sql.length <= longest && forms.some((form) => form.test(sql));
}
