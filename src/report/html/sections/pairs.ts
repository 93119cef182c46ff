import { html, type Markup, type Piece } from '../template.ts';

/** What something is called, and what it is. */
export type Pair = readonly [string, Piece];

/** A table of names and values under its title; nothing for an empty list. */
export function pairs(title: string, list: readonly Pair[]): Markup | null {
  if (list.length === 0) return null;
  return html`<div>
    <h3>${title}</h3>
    <table class="pairs">
      <tbody>
        ${list.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
