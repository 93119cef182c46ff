import { describe, expect, it } from 'vitest';
import { backendsChart } from '../../src/report/html/charts/backends.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { renderTerminal } from '../../src/report/terminal/render-terminal.ts';
import { makeView } from '../../src/report/html/view.ts';
import { judge } from '../../src/verdict/judge.ts';
import { makeEvidence } from '../verdict/support/evidence-builder.ts';
import { greedyWorkerStory, rolloutStory, sharedStory } from '../verdict/support/stories.ts';

const plain = makeEvidence({}, rolloutStory);
const fault = { kind: 'fault', id: 'kill-1', fault: 'instance.kill', service: 'api' } as const;
const evidence = {
  ...plain,
  events: [
    ...plain.events,
    { ...fault, t_us: 33_000_000, state: 'started' as const, detail: '1 instance of <b>r2</b>' },
    { ...fault, t_us: 34_000_000, state: 'confirmed' as const, detail: 'gone' },
  ].sort((a, b) => a.t_us - b.t_us),
};
const summary = judge(evidence);

describe('a run with a rollout and a fault', () => {
  it('lists both on every surface, the milestones where there is little room', async () => {
    const [page, markdown, junit] = await renderReport(evidence, summary);
    expect(page?.content).toContain('id="changes"');
    expect(page?.content).toMatch(/instance\.kill \(kill-1\) <b>confirmed<\/b>/);
    expect(page?.content).toContain('1 instance of &lt;b&gt;r2');
    expect(markdown?.content).toContain('| 0:21.0 | api | r2 **created** | a new template |');
    expect(markdown?.content).toContain('instance.kill (kill-1) **confirmed**');
    expect(junit?.content).toContain('B02 claim-overlap');
    const terminal = renderTerminal(summary, { color: false, width: 110 });
    expect(terminal).toContain(
      'changes ○: 0:21.0 r2 deploy · 0:22.0 r2 serving · 0:33.0 instance.kill (kill-1) started',
    );
  });

  it('marks deployments and faults across every chart', async () => {
    const [page] = await renderReport(evidence, summary);
    const charts = page?.content.match(/<section class="chart"/g)?.length ?? 0;
    // Three moments on each chart, and three more in the ruler.
    expect(page?.content.match(/<line\s+class="change"/g)).toHaveLength(3 * (charts + 1));
    expect(page?.content).toMatch(/class="flag of-change"/);
  });

  it('draws the sessions of each revision, against the claim of one fleet and of two', () => {
    const chart = backendsChart(makeView(evidence, summary));
    expect(chart.series.map(({ label }) => label)).toEqual(expect.arrayContaining(['r1', 'r2']));
    expect(chart.limits.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['claim 16', 'two fleets 32']),
    );
  });

  it('gives the same bytes when it is rendered again', async () => {
    expect(await renderReport(evidence, judge(evidence))).toEqual(await renderReport(evidence, summary));
  });
});

describe('a run with two services', () => {
  it('draws each with its own claim, and names the one that broke it', async () => {
    const shared = makeEvidence({}, sharedStory);
    const chart = backendsChart(makeView(shared, judge(shared)));
    expect(chart.series.map(({ label }) => label)).toEqual(expect.arrayContaining(['api', 'worker']));
    expect(chart.limits.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['api 16', 'worker 6', 'claims 22']),
    );
    const greedy = makeEvidence({}, greedyWorkerStory);
    for (const { name, content } of await renderReport(greedy, judge(greedy)))
      expect(content, name).toMatch(/worker broke its own/);
  });
});

describe('where numbers come from', () => {
  it('stands beside every value of a bound, with a legend, and in junit as a property', async () => {
    const [page, markdown, junit] = await renderReport(evidence, summary);
    const values = summary.bounds.filter(({ value }) => value !== null);
    const rows = markdown?.content.split('\n').filter((line) => /^\| [✗?✓] /.test(line)) ?? [];
    expect(rows.filter((row) => /[●○] \|/.test(row))).toHaveLength(values.length);
    expect(markdown?.content).toContain('● observed on this machine · ○ emulated');
    expect(page?.content.match(/class="prov (observed|emulated)"/g)?.length).toBeGreaterThan(values.length);
    expect(page?.content).toContain('prov-legend');
    expect(junit?.content.match(/name="provenance" value="(observed|emulated)"/g)).toHaveLength(
      summary.bounds.length,
    );
    expect(renderTerminal(summary, { color: false, width: 100 })).toMatch(
      /● observed on this machine · ○ emulated/,
    );
  });
});
