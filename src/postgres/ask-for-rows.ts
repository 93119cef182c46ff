import type { Client, Connection, Submittable } from 'pg';

/** A row as the server sent it: text in the order of the query's columns. */
export type TextRow = readonly (string | null)[];

/** Called once. */
type OnRows = (error: Error | null, rows: readonly TextRow[]) => void;

/**
 * Asks in the simple protocol and hands over the rows as they came. The driver's own query makes a result of them, by
 * column and type, which costs as much again as reading them: too much for what is asked twenty times a second.
 */
export function askForRows(client: Client, text: string, onRows: OnRows): void {
  client.query(new RowsQuery(text, onRows));
}

/** What the driver tells of the answer, by the names that it calls. */
class RowsQuery implements Submittable {
  readonly #text: string;
  readonly #rows: TextRow[] = [];
  #onRows: OnRows | null;

  constructor(text: string, onRows: OnRows) {
    this.#text = text;
    this.#onRows = onRows;
  }

  submit(connection: Connection): void {
    connection.query(this.#text);
  }

  handleRowDescription(): void {
    // The columns are known.
  }

  handleDataRow(message: { readonly fields: TextRow }): void {
    this.#rows.push(message.fields);
  }

  handleCommandComplete(): void {
    // A statement more may follow; the end is when the server is ready again.
  }

  handleEmptyQuery(): void {
    // Has no rows.
  }

  handleReadyForQuery(): void {
    this.#end(null);
  }

  handleError(error: Error): void {
    this.#end(error);
  }

  #end(error: Error | null): void {
    const onRows = this.#onRows;
    this.#onRows = null;
    onRows?.(error, this.#rows);
  }
}
