import { visible } from '../../base/visible.ts';

/** Text that is HTML already. Only `html` and `trusted` make it; everything else is escaped where it is put in. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: nothing, text, numbers, markup, and lists of these. */
export type Piece = Markup | string | number | null | undefined | false | readonly Piece[];

/** Builds markup; every value put in is escaped unless it is markup itself. Attributes must be quoted. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(parts.map((part, index) => part + render(pieces[index])).join(''));
}

/** Takes text as markup. For the project's own constants and for path data made of numbers, nothing else. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** A JSON data block for a script element: `<` is written as an escape, so that nothing in it can end the element. */
export function jsonBlock(value: unknown): Markup {
  return new Markup(
    JSON.stringify(value)
      .replaceAll('<', String.raw`\u003c`)
      .replaceAll('\u2028', String.raw`\u2028`)
      .replaceAll('\u2029', String.raw`\u2029`),
  );
}

function render(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'string') return escape(piece);
  if (typeof piece === 'number') return String(piece);
  return piece.map(render).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that HTML can't hold, or that nobody would see, are written out. */
function escape(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
