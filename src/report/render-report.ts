import type { Evidence } from '../evidence/evidence.ts';
import type { Summary } from '../verdict/summary/summary.ts';
import { renderHtml } from './html/render-html.ts';
import { renderJunit } from './junit/render-junit.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';

/** A rendered file, to be written into the run folder. */
export interface ReportFile {
  readonly name: string;
  readonly content: string;
}

/** Every report file of a judged run. Pure: the same evidence and summary give the same bytes. */
export async function renderReport(evidence: Evidence, summary: Summary): Promise<readonly ReportFile[]> {
  return [
    { name: 'report.html', content: renderHtml(evidence, summary) },
    { name: 'summary.md', content: renderMarkdown(summary) },
    { name: 'junit.xml', content: await renderJunit(summary) },
  ];
}
