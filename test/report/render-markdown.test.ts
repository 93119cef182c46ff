import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain } from '../../src/report/markdown/markdown.ts';
import { renderMarkdown } from '../../src/report/markdown/render-markdown.ts';
import { brokenRun, safeRun } from './support/runs.ts';
import { anyText } from '../support/any-text.ts';

describe('summary.md', () => {
  it('says the verdict first, then what was broken, then the lever', () => {
    const text = renderMarkdown(brokenRun().summary);
    expect(text.split('\n')[0]).toMatch(/^## FAIL: Postgres refused \d+ connections/);
    const rows = text.split('\n').filter((line) => /^\| [✗?✓–]/.test(line));
    expect(rows[0]).toContain(
      '| ✗ FAIL | **B03** headroom | 0 sessions ● | 30 sessions | 0:28.1 (burst +3.91 s) |',
    );
    expect(text).toContain('**Lower max instances from 30 to 6.** (D02');
    expect(text).toContain('| max_instances: 6 | 60 | 90 | ✓ fits |');
  });

  it('leaves the lever out where there is none to pull', () => {
    const text = renderMarkdown(safeRun().summary);
    expect(text).toMatch(/^## PASS: 20 sessions at most/);
    expect(text).not.toContain('First lever');
    expect(text).toContain('connections: none refused ●');
  });

  it('keeps every row of every table whole, whatever a reason holds', () => {
    const { summary } = brokenRun();
    fc.assert(
      fc.property(anyText(), (text) => {
        const bounds = summary.bounds.map((bound) => ({ ...bound, name: text, reason: `${text}|\n<b>` }));
        const lines = renderMarkdown({ ...summary, bounds }).split('\n');
        const rows = lines.filter((line) => /^\| [✗?✓–] /.test(line));
        expect(rows).toHaveLength(bounds.length);
        for (const row of rows) {
          expect(row.replaceAll(/\\./gu, '').match(/\|/g)).toHaveLength(7);
          expect(row).not.toMatch(/<[a-z]/i);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('keeps names readable in the source', () => {
    expect(plain('max_connections is 100')).toBe('max_connections is 100');
    expect(plain('_a_ *b* `c` [d](e) <f> a|b @team')).toBe(
      String.raw`\_a\_ \*b\* ` + '\\`c\\`' + String.raw` \[d\](e) &lt;f> a\|b @` + '\u2060team',
    );
  });
});
