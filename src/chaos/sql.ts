/** A name, as SQL reads it whatever stands in it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text, as SQL reads it whatever `standard_conforming_strings` says. */
export function literal(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return text.includes('\\') ? ` E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

/** A table's name as it stands in a scenario: folded as PostgreSQL folds it, then safe. */
export function tableName(name: string): string {
  return name
    .toLowerCase()
    .split('.')
    .map((part) => identifier(part))
    .join('.');
}
