/** What a reference in a command, an argument or a variable stands for. */
export interface Referents {
  /** The port given to the container that the text belongs to. */
  readonly ownPort: number;
  /** The port given to another container of the instance. */
  readonly portOf: (container: string) => number | undefined;
  /** A variable of the container's environment. */
  readonly variable: (name: string) => string | undefined;
}

/**
 * Every reference in one pass, so that inserted text is never expanded again:
 * `$$(` (an escaped `$(`), `${port:NAME}`, `$PORT`, `${PORT}`, `${port}`, `$(NAME)` with `$(PORT)` among them.
 */
const reference = /\$\$\(|\$\{port:([^}]*)\}|\$\{(?:PORT|port)\}|\$PORT(?!\w)|\$\(([A-Za-z_][\w.-]*)\)/g;

/** Expands the references. An unknown one is left as it is, as in Kubernetes. */
export function resolveReferences(text: string, { ownPort, portOf, variable }: Referents): string {
  return text.replace(reference, (whole, container: string | undefined, name: string | undefined) => {
    if (whole === '$$(') return '$(';
    if (container !== undefined) return String(portOf(container) ?? whole);
    if (name === undefined || name === 'PORT') return String(ownPort);
    return variable(name) ?? whole;
  });
}

/** The containers whose ports a text asks for; the empty name stands for the text's own container. */
export function portsAskedFor(text: string): readonly string[] {
  return [...text.matchAll(reference)].flatMap(([whole, container, name]) => {
    if (whole === '$$(') return [];
    if (container !== undefined) return [container];
    return name === undefined || name === 'PORT' ? [''] : [];
  });
}
