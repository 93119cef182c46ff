import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { brokenRun, longRun, safeRun, type JudgedRun } from './support/runs.ts';
import { anyText } from '../support/any-text.ts';

/** The run with one text in every place that a file, a service or Postgres may fill. */
function withText({ evidence, summary }: JudgedRun, text: string): JudgedRun {
  const [bound, ...bounds] = summary.bounds;
  const [diagnosis, ...diagnoses] = summary.diagnosis;
  const [phase, ...phases] = summary.phases;
  if (bound === undefined || phase === undefined || diagnosis === undefined)
    throw new Error('the run has no bound');
  return {
    evidence: {
      ...evidence,
      gaps: [text],
      run: { ...evidence.run, routes: [{ name: text, weight: 1, hold_ms: null }] },
      events: evidence.events.map((event) =>
        event.kind === 'instance' ? { ...event, instance: `${text}${event.instance}`, reason: text } : event,
      ),
    },
    summary: {
      ...summary,
      name: text,
      headline: text,
      caveats: [text],
      bounds: [
        { ...bound, name: text, reason: text, witness: { from_us: 0, to_us: 1, what: text } },
        ...bounds,
      ],
      diagnosis: [
        {
          ...diagnosis,
          lever: text,
          evidence: [text],
          what_if: [{ change: text, claim: 1, planned: 1, fits: true }],
        },
        ...diagnoses,
      ],
      phases: [{ ...phase, name: text }, ...phases],
      ended: { how: 'failed', reason: text },
    },
  };
}

/** A label of a phase is left out where it has no room, so these depend on how long a name is. */
const fitting = new Set(['text', '/text', 'title', '/title', 'tspan', '/tspan']);

/** How often each element is opened and closed: what text must never change. */
function tagCounts(page: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [, tag = ''] of page.matchAll(/<(\/?[a-zA-Z][\w-]*)/g))
    if (!fitting.has(tag)) counts[tag] = (counts[tag] ?? 0) + 1;
  return counts;
}

describe('renderReport', () => {
  it('gives the same bytes when the same run is rendered again', async () => {
    for (const { evidence, summary } of [safeRun(), brokenRun()]) {
      const once = await renderReport(evidence, summary);
      const again = await renderReport(structuredClone(evidence), structuredClone(summary));
      expect(again).toEqual(once);
      expect(once.map(({ name }) => name)).toEqual(['report.html', 'summary.md', 'junit.xml']);
    }
  });

  it('writes a page for ten minutes into less than 500 kB', () => {
    const { evidence, summary } = longRun();
    expect(Buffer.byteLength(renderHtml(evidence, summary))).toBeLessThan(500_000);
  });

  it('refers to nothing outside itself', () => {
    const { evidence, summary } = brokenRun();
    const page = renderHtml(evidence, summary);
    expect(page).not.toMatch(/https?:|\/\/[a-z]|@import|<link|<img|<iframe/);
    expect(page).toMatch(
      /Content-Security-Policy"\s+content="default-src &#39;none&#39;|Content-Security-Policy"\s+content="default-src 'none'/,
    );
    expect(page).not.toMatch(/\sstyle="|\son[a-z]+="/);
  });

  it('answers in this order: verdict, budget, bounds, lever, what was not tested, charts', () => {
    const { evidence, summary } = brokenRun();
    const page = renderHtml(evidence, summary);
    const places = [
      'class="verdict',
      'id="budget"',
      'id="bounds"',
      'id="lever"',
      'id="not-tested"',
      'id="charts"',
    ].map((mark) => page.indexOf(mark));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('lets no text of a run become markup', () => {
    const { evidence: whole, summary } = brokenRun();
    // Every kind of event, and not ten thousand of one kind: each text is rendered into the whole page.
    const events = whole.events.filter(({ kind }, index) => kind !== 'link' || index % 50 === 0);
    const attempts = whole.attempts.slice(0, 300);
    const run = { summary, evidence: { ...whole, attempts, events, backends: [] } };
    const plain = tagCounts(renderHtml(withText(run, 'x').evidence, withText(run, 'x').summary));
    const nasty = fc.oneof(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "'-->",
        '</style>',
        ']]>',
        '</title><b>',
      ),
      anyText(1),
    );
    fc.assert(
      fc.property(nasty, (text) => {
        const given = withText(run, text);
        const counts = tagCounts(renderHtml(given.evidence, given.summary));
        expect(counts).toEqual(plain);
      }),
      { numRuns: 12 },
    );
  });

  it('renders a run that recorded nothing', async () => {
    const { evidence, summary } = safeRun();
    const bare = {
      ...evidence,
      attempts: [],
      backends: [],
      events: [],
      gaps: ['attempts-0001.parquet could not be read'],
      run: { ...evidence.run, load_start_us: null },
    };
    const nothing = {
      ...summary,
      verdict: 'INTERRUPTED' as const,
      phases: [],
      bounds: [],
      outcomes: [],
      latency: [],
      validity: [],
      predictions: [],
      ended: { how: 'interrupted', reason: 'Ctrl-C' },
    };
    const [page] = await renderReport(bare, nothing);
    expect(page?.content).toContain('INTERRUPTED');
    expect(page?.content).toContain('attempts-0001.parquet could not be read');
    expect(page?.content.match(/NaN|Infinity|undefined/) ?? null).toBeNull();
  });

  it('never writes a number that is none', () => {
    for (const { evidence, summary } of [safeRun(), brokenRun()])
      expect(renderHtml(evidence, summary).match(/NaN|Infinity|undefined/) ?? null).toBeNull();
  });
});
