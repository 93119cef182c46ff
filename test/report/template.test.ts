import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, jsonBlock, trusted } from '../../src/report/html/template.ts';
import { anyText } from '../support/any-text.ts';

/** What a browser makes of text with the five entities that the template writes. */
function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

const nastyText = fc.oneof(
  anyText(),
  fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'a', ';', '\u0000') }),
);

describe('html', () => {
  it('lets no text break out of an element or an attribute', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        const written = html`<p title="${text}">${text}</p>`.text;
        const match = /^<p title="([^"<>']*)">([^"<>']*)<\/p>$/.exec(written);
        expect(match).not.toBeNull();
        expect(match?.[1]).toBe(match?.[2]);
      }),
    );
  });

  it('shows printable text as it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ';') }),
        ),
        (text) => {
          expect(unescaped(html`${text}`.text)).toBe(text);
        },
      ),
    );
  });

  it('writes out what HTML can’t hold and what turns the direction of text', () => {
    expect(html`${'a\u0000b\u001bc\ud800\u202e'}`.text).toBe('a\\u{0}b\\u{1b}c\\u{d800}\\u{202e}');
    expect(html`${'a\n\tb'}`.text).toBe('a\n\tb');
  });

  it('puts markup in as markup, lists piece by piece, and nothing for nothing', () => {
    const pieces = ['<', html`<b>${'&'}</b>`, trusted('<hr>'), 7, null, undefined, false] as const;
    expect(html`<i>${pieces}</i>`.text).toBe('<i>&lt;<b>&amp;</b><hr>7</i>');
  });
});

describe('jsonBlock', () => {
  it('never ends its script element, whatever it holds', () => {
    fc.assert(
      fc.property(fc.oneof(nastyText, fc.constantFrom('</script>', '<!--', '\u2028')), (text) => {
        const block = jsonBlock({ text }).text;
        expect(block).not.toContain('<');
        expect(JSON.parse(block)).toEqual({ text });
      }),
    );
  });
});
