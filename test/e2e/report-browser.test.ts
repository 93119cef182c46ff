import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { brokenRun, longRun, safeRun } from '../report/support/runs.ts';

const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const about = `report.html in a browser${chromiumPath === undefined ? ' (SKIPPED: chromium is not installed)' : ''}`;
if (chromiumPath === undefined) console.warn(about);

describe.skipIf(chromiumPath === undefined)(about, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'poolproof-report-'));
    for (const [name, run] of [
      ['safe', safeRun()],
      ['broken', brokenRun()],
      ['long', longRun()],
    ] as const)
      await writeFile(join(folder, `${name}.html`), renderHtml(run.evidence, run.summary));
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: flags });
  });

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens a page from its file, and tells what it complained about and what it asked the network for. */
  async function open(
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    return { page, complaints, requests };
  }

  const count = (page: Page, expression: string): Promise<number> => page.evaluate(expression);

  it('shows the verdict and every chart without a complaint and without asking for anything else', async () => {
    for (const name of ['safe', 'broken', 'long']) {
      const { page, complaints, requests } = await open(name);
      expect(complaints).toEqual([]);
      expect(requests).toHaveLength(1);
      const badge = await page.locator('.badge').innerText();
      expect(badge).toContain(name === 'broken' ? 'FAIL' : 'PASS');
      expect(await page.locator('.badge').isVisible()).toBe(true);
      const boxes = await Promise.all(
        (await page.locator('.chart svg.plot').all()).map((plot) => plot.boundingBox()),
      );
      expect(boxes).toHaveLength(6);
      for (const box of boxes) {
        expect(box?.width).toBeGreaterThan(700);
        expect(box?.height).toBeGreaterThan(30);
        expect(box?.x).toBe(boxes[0]?.x);
        expect(box?.width).toBe(boxes[0]?.width);
      }
      await page.context().close();
    }
  });

  it('puts verdict, budget and the first broken bounds on the first screen', async () => {
    const { page } = await open('broken');
    for (const id of ['.badge', '#budget', '#B03']) {
      const box = await page.locator(id).boundingBox();
      expect(box?.y).toBeLessThan(900);
    }
    await page.context().close();
  });

  it('fits a phone without scrolling sideways', async () => {
    for (const name of ['safe', 'broken', 'long']) {
      const { page } = await open(name, { viewport: { width: 390, height: 844 } });
      expect(await count(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      const box = await page.locator('svg.plot[data-chart=backends]').boundingBox();
      expect(box?.width).toBeGreaterThan(250);
      await page.context().close();
    }
  });

  it('follows the scheme of the reader, and is light on paper', async () => {
    const lightness = `(() => { const [r, g, b] = getComputedStyle(document.querySelector('.card')).backgroundColor.match(/\\d+/g).map(Number); return r + g + b; })()`;
    const light = await open('safe', { colorScheme: 'light' });
    const dark = await open('safe', { colorScheme: 'dark' });
    expect(await count(light.page, lightness)).toBeGreaterThan(700);
    expect(await count(dark.page, lightness)).toBeLessThan(150);
    await dark.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await count(dark.page, lightness)).toBeGreaterThan(700);
    expect((await dark.page.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(20_000);
    await light.page.context().close();
    await dark.page.context().close();
  });

  it('says everything without script, down to a table for each chart', async () => {
    const { page, complaints } = await open('broken', { javaScriptEnabled: false });
    expect(complaints).toEqual([]);
    expect(await page.locator('.badge').isVisible()).toBe(true);
    const plots = await page.locator('.chart svg.plot .shapes path').all();
    expect(plots.length).toBeGreaterThan(10);
    for (const details of await page.locator('.chart details').all()) {
      await details.locator('summary').click();
      expect(await details.locator('tbody tr').count()).toBeGreaterThan(30);
      expect(await details.locator('tbody tr').first().isVisible()).toBe(true);
    }
    await page.context().close();
  });

  it('moves one crosshair over all charts, by pointer, by key and from a first violation', async () => {
    const { page, complaints } = await open('broken');
    const value = page.locator('#chart-backends .legend .value').first();
    const resting = await value.innerText();
    expect(resting).toMatch(/^max \d+$/);
    const plot = page.locator('svg.plot[data-chart=backends]');
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    if (box === null) throw new Error('the plot has no size');
    await page.mouse.move(box.x + box.width * 0.45, box.y + 50);
    expect(await value.innerText()).toMatch(/^\d+$/);
    expect(await page.locator('.cross-time').textContent()).toMatch(/^0:37\.\d {2}burst \+13\.\d s$/);
    const places = `new Set([...document.querySelectorAll('line.cross')].map((line) => line.getAttribute('x1'))).size`;
    expect(await count(page, places)).toBe(1);
    await page.mouse.move(5, 5);
    expect(await value.innerText()).toBe(resting);
    await page.locator('#B03 a[data-t]').click();
    expect(await page.locator('.cross-time').textContent()).toContain('0:28.1');
    await page.locator('#timeline').press('ArrowRight');
    expect(await page.locator('.cross-time').textContent()).not.toContain('0:28.1');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('holds no label over another in the charts', async () => {
    const overlaps = `[...document.querySelectorAll('.stack svg, svg.budget')].flatMap((svg) => {
      const boxes = [...svg.querySelectorAll(':scope > text, :scope > g > text')].filter((text) => text.textContent.trim() !== '' && getComputedStyle(text).visibility === 'visible').map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
      return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => a.box.left < b.box.right - 1 && b.box.left < a.box.right - 1 && a.box.top < b.box.bottom - 4 && b.box.top < a.box.bottom - 4).map((b) => a.text + ' / ' + b.text));
    })`;
    for (const width of [1280, 390])
      for (const name of ['safe', 'broken', 'long']) {
        const { page } = await open(name, { viewport: { width, height: 900 } });
        expect(await page.evaluate(overlaps), `${name} at ${width}`).toEqual([]);
        await page.context().close();
      }
  });
});
