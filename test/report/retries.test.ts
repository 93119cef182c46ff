import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { arrivalsChart } from '../../src/report/html/charts/arrivals.ts';
import { latencyChart } from '../../src/report/html/charts/latency.ts';
import { punctualityChart } from '../../src/report/html/charts/punctuality.ts';
import { makeView } from '../../src/report/html/view.ts';
import { retryWords } from '../../src/report/load-words.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { renderTerminal } from '../../src/report/terminal/render-terminal.ts';
import { judge } from '../../src/verdict/judge.ts';
import { makeEvidence } from '../verdict/support/evidence-builder.ts';
import { deployment, firstDeployment, withClosed, withRetries } from '../verdict/support/stories.ts';
import { brokenRun } from './support/runs.ts';

const look = { color: false, width: 100 };
const plain = makeEvidence();
/** Every third of the 600 arrivals of the burst is turned away twice and then served. */
const storm = withRetries(plain, ({ attempt }) =>
  attempt === 1 ? { outcome: 'shed', tookMs: 10 } : { outcome: 'ok', tookMs: 10 },
);
const closed = withClosed(storm, 'burst', 30, 480);

async function renderAnew(evidence: Evidence): Promise<Record<string, string>> {
  const files = await renderReport(evidence, judge(evidence));
  return Object.fromEntries(files.map(({ name, content }) => [name, content]));
}

const rendered = new Map<Evidence, Promise<Record<string, string>>>();

/** The rendered files, kept for the tests that read the same ones. */
async function filesOf(evidence: Evidence): Promise<Record<string, string>> {
  const files = rendered.get(evidence) ?? renderAnew(evidence);
  rendered.set(evidence, files);
  return files;
}

/** What a reader sees of a piece of HTML. */
function read(html: string | undefined): string {
  return (html ?? '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

describe('a run whose clients tried again', () => {
  it('says so in one line at the end of the run, and not where nobody did', () => {
    expect(renderTerminal(judge(storm), look)).toContain(
      '\nretries ○: 1.7 attempts a request in burst: 600 requests, 1,000 attempts\n',
    );
    expect(renderTerminal(judge(plain), look)).not.toContain('retries ○');
  });

  it('names the phase with the most attempts a request', () => {
    const row = { phase: 'baseline', requests: 10, attempts: 11, retries: 1, client: 1.1, first_failed: 0.1 };
    const worse = { ...row, phase: 'storm', attempts: 24, retries: 14, client: 2.4 };
    for (const amplification of [
      [row, worse],
      [worse, row],
    ])
      expect(retryWords({ amplification })).toBe('2.4 attempts a request in storm: 10 requests, 24 attempts');
  });

  it('fits 25 lines at the end even where services were changed as well', () => {
    const happened = (at: (ms: number) => number): Evidence['events'] => [
      ...firstDeployment(at),
      ...deployment(at, 16_000, 18_000),
    ];
    const summary = judge(withRetries(makeEvidence({ happened }), () => ({ outcome: 'ok', tookMs: 10 })));
    const bounds = Array.from({ length: 26 }, (_, index) => ({
      ...summary.bounds[0]!,
      id: `B${index}`,
      reason: `${'far too many words '.repeat(30)}${index}`,
      status: (['FAIL', 'INCONCLUSIVE', 'PASS', 'NOT_APPLICABLE'] as const)[index % 4] ?? 'FAIL',
    }));
    const { diagnosis } = brokenRun().summary;
    const validity = summary.validity.map((guard) => ({ ...guard, ok: false }));
    const full = { ...summary, headline: 'so many words '.repeat(30), bounds, validity, diagnosis };
    for (const changes of [summary.changes, []]) {
      const text = renderTerminal({ ...full, changes }, { ...look, width: 60 });
      expect(text).toContain('retries ○');
      expect(text.includes('changes ○')).toBe(changes.length > 0);
      expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
    }
  });

  it('shows requests and attempts apart in the Markdown', async () => {
    const text = (await filesOf(storm))['summary.md'];
    expect(text).toContain('| burst (stress) | 60/s | 600 | 100 % | 1.67 | 33.3 % | 600 | shed 400 |');
    expect(text).toContain('1.7 attempts a request in burst: 600 requests, 1,000 attempts');
    expect((await filesOf(plain))['summary.md']).not.toContain('Attempts a request');
  });

  it('shows them in the page, with what the clients were told to do', async () => {
    const page = read((await filesOf(storm))['report.html']);
    expect(page).toContain('burst stress 600 1,000 400 1.67 33.3 % 600 100 %');
    expect(page).toContain('attempts up to 3 of a request, the first included');
    expect(page).toContain('backoff 100 ms × 2 up to 1 s, jitter none');
    expect(read((await filesOf(plain))['report.html'])).not.toContain('Attempts a request');
  });

  it('is rendered again to the byte', async () => {
    expect(await renderAnew(closed)).toEqual(await filesOf(closed));
  });
});

describe('the chart of arrivals', () => {
  const chart = (evidence: Evidence): ReturnType<typeof arrivalsChart> =>
    arrivalsChart(makeView(evidence, judge(evidence)));
  const sumOf = (evidence: Evidence, label: string): number | undefined =>
    chart(evidence)
      .series.find((one) => one.label === label)
      ?.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

  it('keeps retries apart from what was planned and sent, and leaves room for both together', () => {
    expect(sumOf(storm, 'planned')).toBe(1500);
    expect(sumOf(storm, 'sent')).toBe(1500);
    expect(sumOf(storm, 'retries')).toBe(400);
    expect(sumOf(plain, 'retries')).toBeUndefined();
    expect(chart(storm).scale.max).toBeGreaterThan(95);
  });

  it('shows nothing as planned where the service sets its own load, and says why', () => {
    expect(sumOf(closed, 'planned')).toBe(900);
    expect(sumOf(closed, 'sent')).toBe(1500);
    expect(chart(closed).hint).toContain('but in burst, which is closed');
  });
});

it('the lag of retries has a line of its own beside the generator’s', () => {
  const late = withRetries(plain, () => ({ outcome: 'ok', tookMs: 10, lagMs: 300 }));
  const { series } = punctualityChart(makeView(late, judge(late)));
  const most = (label: string): number =>
    Math.max(...(series.find((one) => one.label === label)?.values ?? []).map((value) => value ?? 0));
  expect(most('generator lag, worst')).toBe(1);
  expect(most('lag of retries, worst')).toBe(300);
});

it('an attempt is given up with its request, where that is sooner than its timeout', () => {
  const wall = (evidence: Evidence): string | undefined =>
    latencyChart(makeView(evidence, judge(evidence))).limits.find(({ tone }) => tone === 'wall')?.label;
  expect(wall(plain)).toBe('client gives up 20 s');
  expect(wall(storm)).toBe('client gives up 4 s');
});

describe('a closed phase', () => {
  it('is marked on every surface, with the load that its clients came to', async () => {
    const { 'report.html': page, 'summary.md': text } = await filesOf(closed);
    const words =
      /burst is closed: the service sets its own load\. 30 clients that think for 480 ms came to [45]\d(\.\d)?\/s\./;
    expect(read(page)).toMatch(words);
    expect(text).toMatch(words);
    expect(text).toMatch(/\| burst \(stress\) \| closed, [45]\d(\.\d)?\/s \|/);
    expect(text).toContain('100 % of plan (900 of 900), 600 by closed clients');
    expect(renderTerminal(judge(closed), look)).toContain(
      'sent 100 % of 900 planned · closed clients sent 600',
    );
  });

  it('is all there was: nothing is said of a plan', async () => {
    const all = ['baseline', 'recovery'].reduce((one, name) => withClosed(one, name, 10, 500), closed);
    const { 'report.html': page, 'summary.md': text } = await filesOf(all);
    expect(read(page)).toContain('sent nothing by plan');
    expect(text).toContain('sent nothing by plan');
    expect(`${page}${text}`).not.toMatch(/NaN|undefined/);
  });
});
