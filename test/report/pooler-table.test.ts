import { expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { renderMarkdown } from '../../src/report/markdown/render-markdown.ts';
import { renderTerminal } from '../../src/report/terminal/render-terminal.ts';
import type { Summary } from '../../src/verdict/summary/summary.ts';
import { safeRun } from './support/runs.ts';

const pooler: Summary['poolers'][number] = {
  name: 'pgbouncer',
  service: 'api',
  per_instance: true,
  mode: 'transaction',
  looks: 900,
  failed: 0,
  server: { sum: '4 x 1 x 2 = 8 <= 8', predicted: 8, limit: 8, fits: true, peak: 8 },
  client: { sum: '80 x 1 = 80 > 60', predicted: 80, limit: 60, fits: false, peak: 61 },
  waiting_peak: 152,
  longest_wait_ms: 2242,
  query_wait_ms: 120_000,
};

/** The section's text, without its tags. */
function textOf(one: Partial<Summary['poolers'][number]>): string {
  const { evidence, summary } = safeRun();
  const page = renderHtml(evidence, { ...summary, poolers: [{ ...pooler, ...one }] });
  const section = /<section class="card" id="poolers">[^]*?<\/section>/.exec(page)?.[0] ?? '';
  return section.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

test('a pooler has a row for each of its sides, and says how long was waited in front of it', () => {
  const text = textOf({});
  expect(text).toContain('4 x 1 x 2 = 8 &lt;= 8 8 8 8 ✓ fits');
  expect(text).toContain('80 x 1 = 80 &gt; 60 80 61 60 ✗ does not');
  expect(text).toContain('at most 152 clients waited at once, the longest seen for 2.24 s');
});

test('a pooler that was never reached is not shown as an idle one', () => {
  const unknown = { sum: null, predicted: null, limit: null, fits: null, peak: null };
  const text = textOf({ looks: 0, failed: 3, server: unknown, client: unknown, longest_wait_ms: null });
  expect(text).toContain('its console was never reached (3 failed looks)');
  expect(text).not.toContain('✓ fits');
});

test('a run without a pooler has no such section', () => {
  const { evidence, summary } = safeRun();
  expect(renderHtml(evidence, summary)).not.toContain('id="poolers"');
});

test('Markdown and the terminal show both sides of it, and who came', () => {
  const { summary } = safeRun();
  const comers = [
    { application_name: 'api', address: '10.0.0.7', peak: 60 },
    { application_name: '', address: '10.0.0.8', peak: 1 },
  ];
  const poolers = [{ ...pooler, comers }];
  const markdown = renderMarkdown({ ...summary, poolers });
  expect(markdown).toContain(
    '| pgbouncer (transaction) | Postgres | 4 x 1 x 2 = 8 &lt;= 8 | 8 | 8 | 8 | ✓ fits |',
  );
  expect(markdown).toContain('| clients of one | 80 x 1 = 80 > 60 | 80 | 61 | 60 | ✗ does not |');
  expect(markdown).toContain('by name: api from 10.0.0.7 60, without a name from 10.0.0.8 1.');
  const screen = renderTerminal({ ...summary, poolers }, { color: false, width: 100 });
  expect(screen).toContain(
    'pooler ●: pgbouncer 4 x 1 x 2 = 8 <= 8, peak 8 at Postgres · clients 80 x 1 = 80 > 60, peak',
  );
  expect(screen.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
  for (const text of [renderMarkdown(summary), renderTerminal(summary, { color: false, width: 100 })])
    expect(text).not.toContain('in front of Postgres');
});
