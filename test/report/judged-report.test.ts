import { describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/render-report.ts';
import { renderTerminal } from '../../src/report/terminal/render-terminal.ts';
import { judge } from '../../src/verdict/judge.ts';
import { brokenRun, safeRun } from './support/runs.ts';

describe('a report of what the judge says', () => {
  it('shows its verdict, its bounds and its guards on every surface', async () => {
    for (const { evidence } of [safeRun(), brokenRun()]) {
      const summary = judge(evidence);
      const files = await renderReport(evidence, summary);
      for (const { name, content } of files) {
        expect(content, name).toContain(summary.verdict);
        for (const { id } of summary.bounds) expect(content, name).toContain(id);
        expect(content.match(/NaN|undefined|\[object/) ?? null).toBeNull();
      }
      const terminal = renderTerminal(summary, { color: false, width: 100 });
      expect(terminal.startsWith(summary.verdict)).toBe(true);
      expect(terminal.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
    }
  });
});
