/** Quotes an identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a string, safe whatever `standard_conforming_strings` is. */
export function literal(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return text.includes('\\') ? ` E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

/** Quotes a table's name from a scenario, folded to lower case as PostgreSQL would. */
export function tableName(name: string): string {
  return name
    .toLowerCase()
    .split('.')
    .map((part) => identifier(part))
    .join('.');
}
